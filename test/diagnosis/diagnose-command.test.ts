import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DiagnosisJson } from '@kvscope/report';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { inThisProcess } from '../replay/in-this-process.ts';
import { kvscope } from '../replay/kvscope.ts';

/** Serves these pages, one after the other; the last one again and again. */
async function serving(
  pages: readonly string[],
  { onServed, authorization }: { onServed?: () => void; authorization?: string } = {},
): Promise<string> {
  let next = 0;
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') response.writeHead(404);
    else if (request.headers.authorization !== authorization) response.writeHead(401);
    response.end(pages[Math.min(next++, pages.length - 1)], onServed);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** So many tasks, of which each 50th waited 200 ms in its queue and the others 50 us. */
function queued(tasks: number): string {
  const slow = tasks / 50;
  const name = 'kv_cache_task_queue_duration';
  const bounds = { '0.0001': tasks - slow, '0.1': tasks - slow, '0.25': tasks, '+Inf': tasks };
  return [
    ...Object.entries(bounds).map(([le, count]) => `${name}_bucket{le="${le}"} ${count}`),
    `${name}_sum ${slow * 0.2 + (tasks - slow) * 0.00005}`,
    `${name}_count ${tasks}`,
  ].join('\n');
}

describe('kvscope diagnose --metrics', () => {
  it('tells what happened between two scrapes: 3', async () => {
    const url = await serving([queued(0), queued(1000)]);
    const { code, stdout, stderr } = await inThisProcess([
      'diagnose',
      '--metrics',
      url,
      '--for',
      '1',
      '--json',
    ]);
    expect([code, stderr]).toEqual([3, '']);
    const { source, findings, clear, unjudged, healthy } = JSON.parse(stdout) as DiagnosisJson;
    expect([source, healthy, clear.length, unjudged.length]).toEqual([
      `two scrapes of ${url}/metrics`,
      false,
      0,
      10,
    ]);
    expect(findings.map(({ id }) => id)).toEqual(['starved-workers']);
    const figures = findings[0]?.cases[0]?.evidence.map(({ value }) => value) ?? [];
    // Rank 990 of 1,000 is half into the 20 that lie between 100 and 250 ms.
    const [mean, p99] = [(20 * 0.2 + 980 * 0.00005) / 1000, 0.1 + 0.15 / 2];
    expect(figures).toEqual([expect.closeTo(p99 / mean, 6), expect.closeTo(p99, 9)]);
  });

  it('credentials of the URL are sent, and shown nowhere', async () => {
    const authorization = `Basic ${Buffer.from('user:secret').toString('base64')}`;
    const url = await serving([queued(0), queued(1000)], { authorization });
    const secret = url.replace('//', '//user:secret@');
    const { code, stdout } = await inThisProcess(['diagnose', '--metrics', secret, '--for', '1', '--json']);
    expect([code, stdout]).toEqual([3, expect.not.stringContaining('secret')]);
  });

  it('reads as text, with what was found, what to change and what could not be judged', async () => {
    const url = await serving([queued(0), queued(1000)]);
    const { stdout } = await inThisProcess(['diagnose', '--metrics', url, '--for', '1']);
    expect(stdout).toMatch(/^DIAGNOSIS of two scrapes of .+, over .+\n1 of 11 playbooks match/);
    expect(stdout).toMatch(/^1\. Starved workers \(playbook 9\)\n/m);
    expect(stdout).toMatch(/^ {3}The p99 of the task queue: 175 ms, above 10 ms\n {5}histogram_quantile/m);
    expect(stdout).toMatch(/^ {5}1\. More workers/m);
    expect(stdout).toMatch(/^ {2}Hits are fine, loads are slow \(2\): no loads were seen\.$/m);
  });

  it('of what did not change nothing can be judged, and that is no finding: 0', async () => {
    const url = await serving([queued(1000)]);
    const { code, stdout } = await inThisProcess(['diagnose', '--metrics', url, '--for', '1']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Nothing could be judged, of 11 playbooks.')]);
  });

  it('Ctrl-C ends the wait: what happened until then is diagnosed', async () => {
    let interrupt = (): void => undefined;
    const url = await serving([queued(0), queued(1000)], { onServed: () => interrupt() });
    const args = ['diagnose', '--metrics', url, '--for', '3600', '--json'];
    const { code, stdout } = await kvscope(args, {
      onStart(kill) {
        interrupt = () => {
          interrupt = () => undefined;
          kill('SIGINT');
        };
      },
    });
    expect([code, (JSON.parse(stdout) as DiagnosisJson).findings[0]?.id]).toEqual([3, 'starved-workers']);
  });

  it.each([
    ['a page that is not there', '', /HTTP 404$/m],
    ['a web page', '<html></html>', /line 1 is not in Prometheus's text format/],
    ['a page of others', 'process_cpu_seconds_total 1', /has no metric of kvscope$/m],
  ])('%s is a failure: 1', async (_, page, message) => {
    const url = await serving([page]);
    const target = page === '' ? `${url}/elsewhere` : url;
    const { code, stdout, stderr } = await inThisProcess(['diagnose', '--metrics', target, '--for', '1']);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(message)]);
    expect(stderr).toContain(`kvscope: ${url}`);
  });

  it('nobody there is a failure: 1', async () => {
    const { code, stderr } = await inThisProcess(['diagnose', '--metrics', 'http://127.0.0.1:1']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/cannot be reached: /)]);
  });
});

it.each([
  [[], /give one of --prometheus URL and --metrics URL/],
  [['--prometheus', 'http://a', '--metrics', 'http://b'], /give one of/],
  [['--metrics', 'http://a', '--from', '1h'], /--from goes with --prometheus only/],
  [['--prometheus', 'http://a', '--for', '5'], /--for goes with --metrics only/],
  [['--prometheus', 'http://a', '--from', '2000-01-01T00:00:00Z', '--to', '5'], /--from is not before --to/],
  [['--prometheus', 'localhost:9090'], /--prometheus <url>.*http or https URL/],
  [['--metrics', 'http://a', '--for', '0'], /Allowed: a number from 1 to 86400/],
])('kvscope diagnose %j is wrong usage: 2', async (args, message) => {
  const { code, stderr } = await inThisProcess(['diagnose', ...args]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
});

describe('kvscope replay --diagnose', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kvscope-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A request a second, with the blocks that `prompt` gives it. */
  async function replayed(prompt: (request: number) => readonly number[], tiers: readonly string[]) {
    const file = join(folder, 'trace.jsonl');
    const lines = Array.from({ length: 400 }, (_, i) =>
      JSON.stringify({ timestamp: i * 1000, input_length: 5120, output_length: 1, hash_ids: prompt(i) }),
    );
    writeFileSync(file, lines.join('\n'));
    const { code, stdout } = await inThisProcess(['replay', file, ...tiers, '--diagnose', '--json']);
    const { diagnosis } = JSON.parse(stdout) as { diagnosis: DiagnosisJson };
    return { code, diagnosis, ids: diagnosis.findings.map(({ id }) => id) };
  }
  const blocks = (from: number) => Array.from({ length: 10 }, (_, i) => from + i);

  it.each([
    // A prompt of nobody else each time.
    ['low-hit-ratio', (i: number) => blocks(10 * i), ['--l0', '0', '--l1', '100', '--l2', '1000']],
    // Fifteen prompts in turn, and room for ten of them: the least recently used one is the next.
    ['thrashing-tier', (i: number) => blocks(10 * (i % 15)), ['--l0', '0', '--l1', '100', '--l2', '1000']],
    // One prompt of two, and otherwise prompts of nobody else.
    [
      'cache-pollution',
      (i: number) => blocks(i % 2 === 0 ? 0 : 10 * i),
      ['--l0', '0', '--l1', '100', '--l2', '0'],
    ],
  ])('finds %s first: 3', async (id, prompt, tiers) => {
    const { code, ids } = await replayed(prompt, tiers);
    expect([ids[0], code]).toEqual([id, 3]);
  });

  it('finds nothing where all fits: 0, and says what a trace does not tell', async () => {
    const { code, ids, diagnosis } = await replayed((i) => blocks(10 * (i % 5)), ['--l0', '100']);
    expect([ids, code]).toEqual([[], 0]);
    expect(diagnosis.unjudged.find(({ id }) => id === 'slow-loads')?.reason).toBe('no loads were seen');
    // Of the time that the trace took, however fast it was replayed.
    expect(diagnosis.to - diagnosis.from).toBeCloseTo(399, 1);
  });

  it('reads as text below the summary', async () => {
    const { code, stdout } = await inThisProcess(['replay', '--diagnose']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^HIT RATIO[\s\S]+^DIAGNOSIS of the bundled sample, over 16.\d min\nHealthy: none of the 3 /m,
    );
  });
});
