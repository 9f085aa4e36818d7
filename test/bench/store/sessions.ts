/*
 * What instrumentation costs the embedded store: the same tasks (64 blocks x 64 KiB each, or more) on one store, in turns with
 * a bus that is listened to and with one that is silent.
 */
import { mkdtemp, rm } from 'node:fs/promises';
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
import { calmRounds, type Rounds } from '../pace.js';
import { type SwitchedBus, switchedBus } from './switched-bus.js';

const BLOCK = { layers: 4, shards: 1, shardBytes: 16_384 };
/** Blocks of a round: so many that the store publishes several times in it of its own accord. */
const ROUND_BLOCKS = 256;
/** Pairs of a session that are not counted, and that are. */
const WARM_UP = 2;
const PAIRS = 10;
const PATIENCE_MS = 10_000;
const WARM_UP_ROUNDS = 300;
const WARM_UP_TASKS = 3000;
export const PHASES = ['dump', 'load from l2', 'load from l1', 'publishing the rest', 'all'] as const;
type Phase = (typeof PHASES)[number];
/** Milliseconds by phase. */
type Round = Readonly<Record<Phase, number>>;

interface Pair {
  readonly on: Round;
  readonly off: Round;
}

/** Who listens: every subscriber that is on by default, or the trace with its thread. */
export type Listening = 'instrumented' | 'traced';

export interface Load {
  readonly how: Listening;
  /** Blocks of a task; 256 are a multiple of it. */
  readonly blocks: number;
}

/** A bus that every subscriber there is listens to, on the fast path; nothing is collected, as between two exports. */
function listening(how: Listening): { bus: SwitchedBus; stop: () => void } {
  const bus = createBus();
  const environment = { bus, recorder: new FastRecorder(), clock: systemClock, sampler: createSampler() };
  if (how === 'traced') return { bus: switchedBus(bus), stop: startSubscriber(trace, environment).stop };
  startSubscriber(lifecycle, environment);
  startSubscriber(shards, environment);
  startSubscriber(transfer, environment);
  startSubscriber(layerwise, environment);
  return { bus: switchedBus(bus), stop: () => undefined };
}

/**
 * Lets the handlers become compiled code, as they are in a service that has run for some minutes: the sessions below are too
 * short for it, and every other scenario is warm as well. The same rounds, with small blocks, for all there is to handle; then
 * tasks that move what is in memory already, for those that a round has few of.
 */
async function warmUp(directory: string, { how, blocks }: Load): Promise<void> {
  const { bus, stop } = listening(how);
  const store = await open(directory, bus, blocks, 64);
  for (let number = 0; number < WARM_UP_ROUNDS; number++) await round(store, number, blocks);
  const keys = Array.from({ length: blocks }, (_, i) => i);
  await store.evict(keys, ['l0']);
  store.put(keys, (bytes) => void bytes.fill(0));
  for (let task = 0; task < WARM_UP_TASKS; task++) {
    await store.dump(keys);
    store.release(keys);
    await store.evict(keys, ['l0']);
    await store.load(keys);
  }
  store.release(keys);
  await store.close();
  stop();
}

function open(
  directory: string,
  bus: Bus,
  blocks: number,
  shardBytes = BLOCK.shardBytes,
): Promise<TieredStore> {
  const block = { ...BLOCK, shardBytes };
  return openStore({
    directory,
    block,
    l0Blocks: blocks,
    l1Blocks: blocks * 2,
    l2Blocks: ROUND_BLOCKS * 4,
    bus,
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Dumps new blocks until they are written, loads them from files, then from L1, and so on; every event of it is published. */
async function round(store: TieredStore, number: number, blocks: number): Promise<Round> {
  const took = { dump: 0, 'load from l2': 0, 'load from l1': 0, 'publishing the rest': 0 };
  for (let from = number * ROUND_BLOCKS; from < (number + 1) * ROUND_BLOCKS; from += blocks) {
    const keys = Array.from({ length: blocks }, (_, i) => from + i);
    store.put(keys, (bytes) => void bytes.fill(from));
    took.dump += await timed(async () => {
      await store.dump(keys);
      await store.drain();
    });
    store.release(keys);
    await store.evict(keys, ['l0', 'l1']);
    took['load from l2'] += await timed(() => store.load(keys));
    store.release(keys);
    await store.evict(keys, ['l0']);
    took['load from l1'] += await timed(() => store.load(keys));
    store.release(keys);
  }
  // What the store has kept back belongs to this round, not to the next one of the other kind.
  took['publishing the rest'] = await timed(async () => store.occupancy());
  return { ...took, all: Object.values(took).reduce((sum, ms) => sum + ms) };
}

/**
 * Some pairs on a fresh store. It is one and the same for both of a pair: where the buffers of a store happen to lie alone
 * makes some per cent. Who is first takes turns (on, off, off, on), since the first of a pair finds other caches than the
 * second; what leaves L2 came four rounds before, and so in a round of the same kind.
 */
async function session(directory: string, { how, blocks }: Load): Promise<Rounds<Pair>> {
  const { bus, stop } = listening(how);
  const store = await open(directory, bus, blocks);
  let number = 0;
  const next = async (on: boolean): Promise<Round> => {
    bus.on = on;
    return round(store, number++, blocks);
  };
  let onFirst = false;
  const pair = async (): Promise<Pair> => {
    onFirst = !onFirst;
    const first = await next(onFirst);
    const second = await next(!onFirst);
    return onFirst ? { on: first, off: second } : { on: second, off: first };
  };
  for (let warmUp = 0; warmUp < WARM_UP; warmUp++) await pair();
  const rounds = await calmRounds(PAIRS, PATIENCE_MS, pair);
  bus.on = true;
  await store.close();
  stop();
  return rounds;
}

/** Rounds in pairs, of `sessions` sessions of 10 pairs each, unless the machine was too seldom calm. */
export async function storePairs(load: Load, sessions: number): Promise<Rounds<Pair>> {
  const directory = await mkdtemp(join(tmpdir(), 'kvscope-bench-'));
  try {
    await warmUp(join(directory, 'warm-up'), load);
    const measured: Rounds<Pair>[] = [];
    for (let i = 0; i < sessions; i++) measured.push(await session(join(directory, String(i)), load));
    return {
      figures: measured.flatMap(({ figures }) => figures),
      disturbed: measured.some(({ disturbed }) => disturbed),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
