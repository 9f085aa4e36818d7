import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { otlpReceiver } from '../export/otlp-receiver.ts';
import { kvscope } from '../replay/kvscope.ts';

/** Where the command makes its directories: nothing may be left in it. */
const TMPDIR = mkdtempSync(join(tmpdir(), 'kvscope-test-'));
const env = { TMPDIR };
const leftovers = () => readdirSync(TMPDIR);
afterAll(() => rmSync(TMPDIR, { recursive: true }));

describe('kvscope demo', () => {
  it('Ctrl-C ends it at once, with the figures so far, exit code 0 and nothing left behind', async () => {
    let sent = false;
    const { code, stdout } = await kvscope(['demo', '--json', '--prometheus', '0', '--compute-ms', '60000'], {
      env,
      onStderr: (text, kill) => {
        if (sent || !text.includes('Serving metrics at')) return;
        sent = true;
        kill('SIGINT');
      },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('requests');
    expect(leftovers()).toEqual([]);
  });

  it('tells what is resident in the last metrics that it sends, too', async () => {
    const receiver = await otlpReceiver();
    const args = ['demo', '--json', '--duration', '0.2', '--otlp', receiver.url];
    const { code } = await kvscope(args, { env: { ...env, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' } });
    expect(code).toBe(0);
    const limits = receiver.metric('kv_cache.block.limit')?.sum?.dataPoints;
    // The sample's tiers.
    expect(limits?.map(({ asDouble }) => asDouble)).toEqual([200, 2000, 8000]);
  });

  it('wrong usage is told: 2', async () => {
    const { code, stderr } = await kvscope(['demo', '--sick', 'head']);
    expect([code, stderr]).toEqual([2, expect.stringContaining("'head'")]);
  });

  it.each([
    ['no place for its directory', { TMPDIR: '/nowhere' }, '/nowhere'],
    ['a protocol that is none', { OTEL_EXPORTER_OTLP_PROTOCOL: 'smoke' }, "'smoke'"],
  ])('%s is a failure: 1, and no endpoint keeps the process alive', async (_, more, message) => {
    const args = ['demo', '--prometheus', '0', '--otlp', 'http://127.0.0.1:9'];
    const { code, stderr } = await kvscope(args, { env: { ...env, ...more } });
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  it('a trace that is not there is a failure: 1, and nothing is left behind', async () => {
    const { code, stderr } = await kvscope(['demo', '--trace', '/nowhere/trace.jsonl'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain('/nowhere/trace.jsonl: cannot be read');
    expect(leftovers()).toEqual([]);
  });
});
