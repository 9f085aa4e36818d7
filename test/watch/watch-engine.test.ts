import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { PublisherDouble } from '../../packages/sources/test/transport/publisher-double.ts';
import { remove, store } from '../../packages/sources/test/transport/setup.ts';
import { kvscope } from '../replay/kvscope.ts';
import { eventually, sample, watching } from './watching.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kvscope-watch-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ARGUMENTS = ['--prometheus', '0', '--json', '--interval', '0.05', '--sample-rate', '1'];
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => BigInt(from + i));

async function engine(at?: PublisherDouble): Promise<PublisherDouble> {
  const double = await PublisherDouble.start({ style: 'topic', ...(at && { at }) });
  onTestFinished(() => double.close());
  return double;
}

it('what an engine says comes out as metrics, status and a recording that agree to the last block', async () => {
  const gone = await engine();
  gone.close();
  const record = join(folder, 'events.ndjson');
  const watch = watching([
    'vllm',
    gone.endpoint,
    '--replay',
    gone.replayEndpoint,
    '--name',
    'decode',
    '--record',
    record,
    ...ARGUMENTS,
  ]);

  // Nobody is there: it waits, and says so.
  await eventually(async () => expect((await watch.page('/healthz')).status).toBe(200));
  expect(await watch.page('/readyz')).toEqual({ status: 503, text: 'not connected: decode\n' });
  await eventually(() => expect(watch.status()?.sources[0]?.state).toBe('waiting'));

  const there = await engine(gone);
  // Before anybody listens: replayed.
  there.make([store(...range(1, 100))], 1);
  await there.joined();
  // 40 blocks leave after 10 s; 10 of them come back 10 s later; 5 are offloaded and brought back by nobody.
  await there.publish([remove(...range(1, 40))], 11);
  await there.publish([store(...range(1, 10)), ['BlockStored', range(50, 54), null, [], 0, null, 'CPU']], 21);
  await there.publish([remove(...range(91, 100))], 31);
  await eventually(async () => expect(await watch.page('/readyz')).toEqual({ status: 200, text: 'ok\n' }));
  await eventually(() =>
    expect(watch.status()).toMatchObject({
      sources: [{ state: 'connected', publishers: [{ publisher: 'decode', lastSequence: 3 }] }],
      resident: { l0: 60, l1: 5, l2: null },
    }),
  );

  const { text } = await watch.page('/metrics');
  const l0 = { kv_cache_tier: 'l0', kv_cache_publisher_name: 'decode' };
  expect({
    stores: sample(text, 'kv_cache_stores_total', l0),
    evictions: sample(text, 'kv_cache_evictions_total', l0),
    offloaded: sample(text, 'kv_cache_stores_total', { kv_cache_store_cause: 'offloaded' }),
    lifetimes: sample(text, 'kv_cache_block_lifetime_count', l0),
    lived: sample(text, 'kv_cache_block_lifetime_sum', l0),
    usage: sample(text, 'kv_cache_block_usage', l0),
    batches: sample(text, 'kv_cache_source_batches_total', { otel_scope_name: '@kvscope/instrumentation' }),
    replayed: sample(text, 'kv_cache_source_replayed_total'),
    connected: sample(text, 'kv_cache_source_connected'),
  }).toEqual({
    stores: 110,
    evictions: 50,
    offloaded: 5,
    lifetimes: 50,
    lived: 40 * 10 + 10 * 30,
    usage: 60,
    batches: 4,
    replayed: 1,
    connected: 1,
  });

  watch.signal('SIGTERM');
  const { code, final } = await watch.ended();
  expect([code, final?.final]).toEqual([0, true]);
  expect(final?.sources[0]?.publishers[0]).toMatchObject({ missed: 0, dropped: 0, events: 5 });
  expect(final?.tiers?.l0).toMatchObject({
    stored: 110,
    evicted: 50,
    lifetime: { count: 50, sum: 700 },
    evictReuseGap: { count: 10, sum: 100 },
  });
  expect(final?.tiers?.l1).toMatchObject({ stored: 5, evicted: 0 });

  const replayed = await kvscope(['replay', record, '--json']);
  expect([replayed.code, replayed.stderr]).toEqual([0, '']);
  const { events, malformed, tiers } = JSON.parse(replayed.stdout) as Record<string, unknown>;
  expect({ events, malformed, tiers }).toEqual({ events: 5, malformed: 0, tiers: final?.tiers });
});

it('a gap that nobody fills is in status and metrics, and nothing is recorded of it as a life', async () => {
  const there = await engine();
  const watch = watching(['sglang', there.endpoint, ...ARGUMENTS]);
  await there.joined();
  await there.publish([store(1n, 2n)], 1);
  there.make([remove(1n)], 2);
  there.make([remove(2n)], 3);
  await there.publish([store(3n)], 4);
  await eventually(() => expect(watch.status()?.sources[0]?.publishers[0]?.missed).toBe(2));
  watch.signal('SIGINT');
  const { code, final } = await watch.ended();
  expect([code, final?.resident.l0]).toEqual([0, 1]);
  expect(final?.tiers?.l0).toMatchObject({ stored: 3, evicted: 0, lifetime: { count: 0, sum: 0 } });
});

it('many engines in one process have a name and attributes each', async () => {
  const [first, second] = [await engine(), await engine()];
  const config = join(folder, 'watch.yaml');
  await writeFile(
    config,
    `sources:
  - { kind: vllm, name: prefill, endpoints: ['${first.endpoint}'], attributes: { zone: a } }
  - { kind: sglang, name: decode, endpoints: ['${second.endpoint}'], attributes: { zone: b } }
  - { kind: ndjson, name: mine, from: ${join(folder, 'not-there-yet.ndjson')}, follow: true }
prometheus: 0
interval: 0.05
`,
  );
  const watch = watching(['--config', config, '--json']);
  await Promise.all([first.joined(), second.joined()]);
  await first.publish([store(1n, 2n)]);
  await second.publish([store(3n)]);
  await eventually(() => expect(watch.status()?.resident.l0).toBe(3));
  await eventually(async () =>
    expect(await watch.page('/readyz')).toEqual({ status: 503, text: 'not connected: mine\n' }),
  );
  const { text } = await watch.page('/metrics');
  const stores = (name: string, zone: string) =>
    sample(text, 'kv_cache_stores_total', { kv_cache_publisher_name: name, zone });
  expect([stores('prefill', 'a'), stores('decode', 'b')]).toEqual([2, 1]);

  await writeFile(
    join(folder, 'not-there-yet.ndjson'),
    '{"event":"block.stored","tier":"l1","keys":["1"],"cause":"computed","time":1}\n',
  );
  await eventually(async () => expect((await watch.page('/readyz')).status).toBe(200));
  watch.signal('SIGTERM');
  const { code, final } = await watch.ended();
  expect([code, final?.tiers?.l1?.stored]).toEqual([0, 1]);
});
