import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inThisProcess } from '../replay/in-this-process.ts';
import { kvscope } from '../replay/kvscope.ts';
import { eventually, watching } from './watching.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kvscope-watch-'));
});
afterAll(() => rm(folder, { recursive: true }));

const LINES = `{"event":"block.stored","tier":"l1","keys":["1","2"],"cause":"computed","time":1000}
{"event":"block.accessed","tier":"l1","keys":["1"],"by":"request","time":2000}
{"event":"block.evicted","tier":"l1","keys":["1"],"reason":"capacity","time":4000}
no event
`;

async function events(): Promise<string> {
  const path = join(folder, 'events.ndjson');
  await writeFile(path, LINES);
  return path;
}

it('reads NDJSON to its end, and a recording of it plays back to the same figures', async () => {
  const record = join(folder, 'record.ndjson');
  const args = ['watch', 'ndjson', await events(), '--sample-rate', '1', '--json', '--record', record];
  const { code, stdout } = await inThisProcess(args);
  expect(code).toBe(0);
  const { sources, tiers, final } = JSON.parse(stdout) as Record<string, unknown>;
  expect(final).toBe(true);
  expect(sources).toMatchObject([{ name: 'ndjson', state: 'ended', publishers: [{ events: 3, errors: 1 }] }]);
  expect(tiers).toMatchObject({
    l1: {
      stored: 2,
      accessed: 1,
      evicted: 1,
      lifetime: { count: 1, sum: 3 },
      reuseGap: { count: 1, sum: 1 },
    },
  });
  const lines = (await readFile(record, 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  const replayed = await inThisProcess(['replay', record, '--json']);
  expect(JSON.parse(replayed.stdout)).toEqual({ events: 3, malformed: 0, tiers });
});

it('shows a person what the events amount to, and nothing of the status line in a pipe', async () => {
  const { code, stdout, stderr } = await kvscope(['watch', 'ndjson', '-', '--sample-rate', '1'], {
    input: LINES,
  });
  expect([code, stderr]).toEqual([0, 'Listening to ndjson at standard input\n']);
  expect(stdout).toMatch(/^Watched ndjson for .*: 3 events$/m);
  expect(stdout).toMatch(/^l1 host +2 +1 +1 +0 +-$/m);
  expect(stdout).toMatch(/^l1 lifetime +1 +3 s /m);
  expect(stdout).not.toContain('\x1b');
});

it('ends by itself after --duration', async () => {
  const args = ['watch', 'ndjson', 'tcp:0', '--duration', '0.05', '--json', '--name', 'mine'];
  const { code, stdout } = await inThisProcess(args);
  expect([code, JSON.parse(stdout)]).toMatchObject([
    0,
    { final: true, sources: [{ name: 'mine', state: 'waiting' }] },
  ]);
});

it('serves its report live and leaves it behind as a file, where a configuration says so', async () => {
  const [config, file] = [join(folder, 'report.yaml'), join(folder, 'report.html')];
  const source = "{ kind: ndjson, from: '-' }";
  await writeFile(config, `sources: [${source}]\nsampleRate: 1\nui: 0\nreport: ${file}\n`);
  const watch = watching(['--config', config, '--json', '--interval', '0.02']);
  watch.input(LINES);
  await eventually(() => expect(watch.status()?.sources[0]?.publishers[0]?.events).toBe(3));
  const live = await watch.report();
  expect(live.status).toBe(200);
  expect(live.text).toContain('"subject":"kvscope watch: ndjson"');
  watch.signal('SIGTERM');
  expect((await watch.ended()).code).toBe(0);
  // A rate times a time: 3, but for the last digits.
  const seen = /"label":"events seen","value":([\d.]+),/.exec(await readFile(file, 'utf8'))?.[1];
  expect(Number(seen)).toBeCloseTo(3, 9);
});

it('keeps to the limits that a configuration sets', async () => {
  const config = join(folder, 'limits.yaml');
  const source = `{ kind: ndjson, from: '${await events()}', limits: { maxPayloadBytes: 80 } }`;
  await writeFile(config, `sources: [${source}]\n`);
  const { stdout } = await inThisProcess(['watch', '--config', config, '--json']);
  // Lines of 84 and 82 bytes are too long and one is no event; the read, of 78 and with one key, is left.
  expect(JSON.parse(stdout)).toMatchObject({ sources: [{ publishers: [{ events: 1, errors: 3 }] }] });
});

it('says what to do when zeromq is not installed', async () => {
  const hooks =
    'export const resolve = (name, context, next) => { if (name === "zeromq") throw new Error("not there"); return next(name, context); };';
  const url = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(url(hooks))});`;
  const { code, stderr } = await watching(['vllm', 'tcp://127.0.0.1:5557'], {
    NODE_OPTIONS: `--import=${url(register)}`,
  }).ended();
  expect(code).toBe(1);
  expect(stderr).toContain('needs the package zeromq');
  expect(stderr).toContain('npm install zeromq@6');
});

describe('what cannot be', () => {
  it.each([
    [[], /nothing to listen to\. Give a kind and an address, or --config FILE/],
    [['vllm'], /vllm needs an address/],
    [['vlm', 'tcp://a:1'], /Allowed choices are vllm, sglang, mooncake, trtllm, ndjson, allocations/],
    [['vllm', 'http://a'], /endpoints\[0\] is 'http:\/\/a'; allowed: tcp:\/\/HOST:PORT/],
    [['trtllm', 'http://a', '--ranks', '2'], /--ranks does not go with trtllm\. Allowed: --name/],
    [['trtllm', 'http://a', 'http://b'], /trtllm has one address, and 'http:\/\/b' is a second one/],
    [['vllm', 'tcp://a:1', '--ranks', '0'], /--ranks.*Allowed: a whole number from 1 to 1024/],
    [['vllm', 'tcp://a:1', '--attribute', 'x'], /--attribute is 'x'; allowed: NAME=VALUE/],
    [['vllm', 'tcp://a:1', '--config', 'x'], /Leave out 'vllm', or --config/],
    [['--config', 'x', '--name', 'a'], /--name speaks of one source/],
    [['vllm', 'tcp://a:1', 'tcp://a:2', '--replay', 'tcp://a:3'], /one replay endpoint for each/],
  ])('%j is wrong usage', async (args, message) => {
    const { code, stdout, stderr } = await inThisProcess(['watch', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('a file that is not there, or a port of other machines, fails the run', async () => {
    const path = join(folder, 'none.ndjson');
    const missing = await inThisProcess(['watch', 'ndjson', path]);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining(`${path}: cannot be read`)]);
    const remote = await inThisProcess(['watch', 'ndjson', 'tcp:0.0.0.0:0']);
    expect([remote.code, remote.stderr]).toEqual([1, expect.stringContaining("host is '0.0.0.0'")]);
    const input = await events();
    const itself = await inThisProcess(['watch', 'ndjson', input, '--record', input]);
    expect([itself.code, itself.stderr]).toEqual([1, expect.stringContaining('is what is read')]);
    expect(await readFile(input, 'utf8')).toBe(LINES);
    const record = await inThisProcess(['watch', 'ndjson', 'tcp:0', '--record', folder]);
    expect([record.code, record.stderr]).toEqual([1, expect.stringContaining(`--record ${folder}`)]);
  });

  it('a configuration that cannot be used fails the run and names each field', async () => {
    const path = join(folder, 'wrong.yaml');
    await writeFile(path, 'sources: [{ kind: vllm, endpoints: [tcp://a:1], ranks: 0 }]\nsampleRate: 2\n');
    const { code, stderr } = await inThisProcess(['watch', '--config', path]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${path}: sources[0].ranks is 0; allowed: a whole number from 1 to 1024`);
    expect(stderr).toContain(`${path}: sampleRate is 2; allowed: a number above 0 and at most 1`);
  });
});
