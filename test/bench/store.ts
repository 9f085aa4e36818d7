/*
 * What instrumentation costs the embedded store: the same tasks (64 blocks x 64 KiB each) on a store whose bus all
 * subscribers listen to, and on one whose bus is silent, in turns.
 * `node test/dist/bench/store.js [sessions] [json file] [trace]`; with `trace`, it is the trace that listens, with its thread.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, createBus, createSampler, startSubscriber, systemClock } from '@kvscope/core';
import { FastRecorder } from '@kvscope/fast-path';
import { layerwise } from '@kvscope/subscriber-layerwise';
import { lifecycle } from '@kvscope/subscriber-lifecycle';
import { shards } from '@kvscope/subscriber-shards';
import { transfer } from '@kvscope/subscriber-transfer';
import { openStore, type TieredStore } from '@kvscope/tiered-store';
import { trace } from '@kvscope/trace';
import { medianBound } from './median-bound.js';

const BLOCKS = 64;
const BLOCK = { layers: 4, shards: 1, shardBytes: 16_384 };
/** Pairs of a session that are not counted, and that are. */
const WARM_UP = 6;
const PAIRS = 20;
const TRACED = process.argv[4] === 'trace';
const BUDGET = TRACED ? 0.03 : 0.01;
const PHASES = ['dump', 'load from l2', 'load from l1', 'all'] as const;
type Phase = (typeof PHASES)[number];
/** Milliseconds by phase. */
type Round = Readonly<Record<Phase, number>>;

/** A bus that every subscriber there is listens to, on the fast path; nothing is collected, as between two exports. */
function listening(): { bus: Bus; stop: () => void } {
  const bus = createBus();
  const environment = { bus, recorder: new FastRecorder(), clock: systemClock, sampler: createSampler() };
  if (TRACED) return { bus, stop: startSubscriber(trace, environment).stop };
  startSubscriber(lifecycle, environment);
  startSubscriber(shards, environment);
  startSubscriber(transfer, environment);
  startSubscriber(layerwise, environment);
  return { bus, stop: () => undefined };
}

const open = (directory: string, bus: Bus): Promise<TieredStore> =>
  openStore({ directory, block: BLOCK, l0Blocks: BLOCKS, l1Blocks: BLOCKS * 2, l2Blocks: BLOCKS * 4, bus });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Dumps 64 new blocks until they are written, loads them from files, then from L1. */
async function round(store: TieredStore, number: number): Promise<Round> {
  const keys = Array.from({ length: BLOCKS }, (_, i) => number * BLOCKS + i);
  store.put(keys, (bytes) => void bytes.fill(number));
  const dump = await timed(async () => {
    await store.dump(keys);
    await store.drain();
  });
  store.release(keys);
  await store.evict(keys, ['l0', 'l1']);
  const fromFiles = await timed(() => store.load(keys));
  store.release(keys);
  await store.evict(keys, ['l0']);
  const fromHost = await timed(() => store.load(keys));
  store.release(keys);
  return { dump, 'load from l2': fromFiles, 'load from l1': fromHost, all: dump + fromFiles + fromHost };
}

/**
 * Some pairs on two fresh stores. Where a store's buffers and files happen to lie alone makes some per cent, so
 * there are many sessions, and the store that is made first takes turns too.
 */
async function session(directory: string, onFirst: boolean): Promise<{ on: Round; off: Round }[]> {
  const heard = listening();
  const listeningStore = () => open(join(directory, 'on'), heard.bus);
  const silentStore = () => open(join(directory, 'off'), createBus());
  const made = onFirst
    ? [await listeningStore(), await silentStore()]
    : [await silentStore(), await listeningStore()];
  const [on, off] = (onFirst ? made : made.reverse()) as [TieredStore, TieredStore];
  const rounds: { on: Round; off: Round }[] = [];
  for (let pair = 0; pair < WARM_UP + PAIRS; pair++) {
    // The first of a pair finds other caches than the second: take turns.
    const first = await round(pair % 2 === 0 ? on : off, pair);
    const second = await round(pair % 2 === 0 ? off : on, pair);
    if (pair >= WARM_UP)
      rounds.push(pair % 2 === 0 ? { on: first, off: second } : { on: second, off: first });
  }
  await Promise.all([on.close(), off.close()]);
  heard.stop();
  return rounds;
}

async function compare(sessions: number, directory: string): Promise<{ on: Round; off: Round }[]> {
  const rounds: { on: Round; off: Round }[] = [];
  for (let i = 0; i < sessions; i++) rounds.push(...(await session(join(directory, String(i)), i % 2 === 0)));
  return rounds;
}

async function main(sessions: number, json: string | undefined): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kvscope-bench-'));
  const rounds = await compare(sessions, directory).finally(() =>
    rm(directory, { recursive: true, force: true }),
  );
  const mebibytes = (BLOCKS * BLOCK.layers * BLOCK.shards * BLOCK.shardBytes) / 2 ** 20;
  const figures = PHASES.map((phase) => {
    const silentMs = medianBound(rounds.map(({ off }) => off[phase])).median;
    const { median, upper95 } = medianBound(rounds.map(({ on, off }) => on[phase] - off[phase]));
    const moved = phase === 'all' ? 3 * mebibytes : mebibytes;
    const rate = (moved / silentMs) * 1000;
    return {
      phase,
      silentMs,
      mebibytesPerSecond: rate,
      cost: median / silentMs,
      costUpper95: upper95 / silentMs,
    };
  });
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  console.table(
    Object.fromEntries(
      figures.map(({ phase, silentMs, mebibytesPerSecond, cost, costUpper95 }) => [
        phase,
        {
          'silent, ms': silentMs.toFixed(2),
          'MiB/s': Math.round(mebibytesPerSecond),
          'cost, median': percent(cost),
          'upper 95 %': percent(costUpper95),
        },
      ]),
    ),
  );
  const all = figures.find(({ phase }) => phase === 'all');
  const within = (all?.costUpper95 ?? 1) <= BUDGET;
  console.log(`${rounds.length} pairs; budget ${percent(BUDGET)} on all: ${within ? 'kept' : 'broken'}`);
  if (json !== undefined)
    await writeFile(
      json,
      `${JSON.stringify({ bench: TRACED ? 'store with trace' : 'store', pairs: rounds.length, figures }, null, 2)}\n`,
    );
}

await main(Number(process.argv[2] ?? 20), process.argv[3]);
