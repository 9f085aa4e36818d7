import { describe, expect, it } from 'vitest';
import { kvscope } from '../replay/kvscope.ts';
import { otlpReceiver } from './otlp-receiver.ts';

const input = `${JSON.stringify({ timestamp: 0, input_length: 1024, output_length: 1, hash_ids: [1, 2] })}\n`;
const TIERS = ['--l0', '5', '--l1', '0', '--l2', '0'];

describe('kvscope replay', () => {
  it('sends the last figures before it ends, with what its tiers hold', async () => {
    const receiver = await otlpReceiver();
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
    const { code } = await kvscope(['replay', '-', ...TIERS, '--otlp', receiver.url], { input, env });
    expect(code).toBe(0);
    const value = (name: string) => receiver.metric(name)?.sum?.dataPoints.map(({ asDouble }) => asDouble);
    expect(value('kv_cache.stores')).toEqual([2]);
    expect(value('kv_cache.block.limit')).toEqual([5]);
    // Evictable, pinned and unknown.
    expect(value('kv_cache.block.usage')).toEqual([2, 0, 0]);
  });

  it('says why what it could not send was not sent, and fails, after the summary', async () => {
    const env = { OTEL_EXPORTER_OTLP_TIMEOUT: '200' };
    const url = 'http://127.0.0.1:1';
    const { code, stdout, stderr } = await kvscope(['replay', '-', '--otlp', url], { input, env });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Replayed standard input: 1 requests/);
    expect(stderr).toContain(`kvscope: metrics could not be sent to ${url}: `);
    expect(stderr).toContain('ECONNREFUSED');
  });

  it('serves what its tiers hold for as long as it is held', async () => {
    let page: Promise<string> | undefined;
    const { code } = await kvscope(['replay', '-', ...TIERS, '--prometheus', '0', '--hold'], {
      input,
      onStderr: (text, kill) => {
        const [url] = /http:\S+/.exec(text) ?? [];
        if (page !== undefined || url === undefined || !text.includes('Holding until Ctrl-C')) return;
        page = fetch(url).then((response) => response.text());
        void page.finally(() => kill('SIGINT'));
      },
    });
    expect(code).toBe(0);
    expect(await page).toMatch(/^kv_cache_block_limit\{kv_cache_tier="l0".*\} 5$/m);
    expect(await page).toMatch(/^kv_cache_block_usage\{.*kv_cache_block_state="evictable".*\} 2$/m);
  });
});
