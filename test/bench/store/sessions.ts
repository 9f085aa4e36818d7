/*
 * What instrumentation costs the embedded store: the same tasks (64 blocks x 64 KiB each, or more) on one store, in turns with
 * a bus that is listened to and with one that is silent. Its files are in memory where there is a file system for it: then
 * there is no disk to wait for, beside which the cost would be small, and none that is slow for a minute.
 */
import { rmSync } from 'node:fs';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
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
import { type SwitchedBus, switchedBus } from './switched-bus.js';

const BLOCK = { layers: 4, shards: 1, shardBytes: 16_384 };
/** Blocks that each of a pair moves: about as many as the store moves under full load until 2,048 events wait. */
const PAIR_BLOCKS = 768;
/** Pairs of a session that are not counted, and that are. */
const WARM_UP = 4;
const PAIRS = 50;
const WARM_UP_BLOCKS = 80_000;
const WARM_UP_TASKS = 3000;
const IN_MEMORY = '/dev/shm';
/** Five times what all blocks of a session are. */
const NEEDED_BYTES = 2 ** 30;
/** Of a task. What it leaves behind is collected with it: collections at their own times would hit one of a pair or the other. */
const TASK_PHASES = ['dump', 'load from l2', 'load from l1', 'collecting garbage'] as const;
export const PHASES = [...TASK_PHASES, 'publishing', 'all'] as const;
export type Phase = (typeof PHASES)[number];
/** Milliseconds by phase. */
type Took = Record<Phase, number>;

export interface Pair {
  readonly on: Readonly<Took>;
  readonly off: Readonly<Took>;
}

/** What `--expose-gc` gives. */
type Collect = (options: { type: 'minor' }) => void;

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
 * short for it, and every other scenario is warm as well. The same tasks, with small blocks, for all there is to handle; then
 * some that move what is in memory already, for events of which there are few.
 */
async function warmUp(directory: string, { how, blocks }: Load): Promise<void> {
  const { bus, stop } = listening(how);
  const store = await open(directory, bus, blocks, 64);
  for (let number = 0; number * blocks < WARM_UP_BLOCKS; number++) {
    await run({ store, bus }, number, blocks, nothing());
  }
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
    l2Blocks: PAIR_BLOCKS * 4,
    bus,
  });
}

function nothing(): Took {
  return Object.fromEntries(PHASES.map((phase) => [phase, 0])) as Took;
}

/** Dumps new blocks until they are written, loads them from files, then from L1. */
async function run(
  { store, bus }: { store: TieredStore; bus: SwitchedBus },
  number: number,
  blocks: number,
  took: Took,
): Promise<void> {
  const timed = async (phase: (typeof TASK_PHASES)[number], work: () => unknown): Promise<void> => {
    const { lateMs } = bus;
    const start = performance.now();
    await work();
    took[phase] += performance.now() - start - (bus.lateMs - lateMs);
  };
  const keys = Array.from({ length: blocks }, (_, i) => number * blocks + i);
  store.put(keys, (bytes) => void bytes.fill(number));
  await timed('dump', async () => {
    await store.dump(keys);
    await store.drain();
  });
  store.release(keys);
  await store.evict(keys, ['l0', 'l1']);
  await timed('load from l2', () => store.load(keys));
  store.release(keys);
  await store.evict(keys, ['l0']);
  await timed('load from l1', () => store.load(keys));
  store.release(keys);
  await timed('collecting garbage', () => (globalThis.gc as unknown as Collect)({ type: 'minor' }));
}

/**
 * Pairs on a fresh store. It is one and the same for both of a pair: where the buffers of a store happen to lie alone makes
 * some per cent. What disturbs the machine lasts longer than a task, so that the tasks of a pair take turns: on, off, off, on,
 * off, on, on, off, and so on; the other way round in the next pair. What leaves L2 came two pairs before, in a task of the same
 * kind.
 */
async function session(directory: string, { how, blocks }: Load): Promise<Pair[]> {
  const { bus, stop } = listening(how);
  const store = await open(directory, bus, blocks);
  let number = 0;
  const pair = async (flipped: boolean): Promise<Pair> => {
    const [on, off] = [nothing(), nothing()];
    const { lateMs } = bus;
    for (let i = 0; i < (2 * PAIR_BLOCKS) / blocks; i++) {
      bus.on = oddBits(i) === flipped;
      await run({ store, bus }, number++, blocks, bus.on ? on : off);
    }
    bus.on = true;
    // What the store has kept back belongs to this pair, and what a timer published while the bus was off.
    on.publishing = publishRest(store) + bus.lateMs - lateMs;
    off.publishing = publishRest(store);
    for (const took of [on, off]) took.all = Object.values(took).reduce((sum, ms) => sum + ms);
    return { on, off };
  };
  const pairs: Pair[] = [];
  for (let i = 0; i < WARM_UP + PAIRS; i++) pairs.push(await pair(i % 2 === 0));
  await store.close();
  stop();
  return pairs.slice(WARM_UP);
}

/** @returns ms */
function publishRest(store: TieredStore): number {
  const start = performance.now();
  store.occupancy();
  return performance.now() - start;
}

/** Whether an odd number of its bits are set. */
function oddBits(value: number): boolean {
  let odd = false;
  for (let left = value; left > 0; left >>>= 1) odd = odd !== (left % 2 === 1);
  return odd;
}

/** Pairs, session by session, for as long as more are asked for. */
export async function* storePairs(load: Load): AsyncGenerator<readonly Pair[], never> {
  const directory = await mkdtemp(join(await roomyDirectory(), 'kvscope-bench-'));
  // Also when it is stopped: files in memory would take room until the machine is.
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, (_name: NodeJS.Signals, number: number) => process.exit(128 + number));
  }
  try {
    await warmUp(join(directory, 'warm-up'), load);
    for (let i = 0; ; i++) {
      const own = join(directory, String(i));
      yield await session(own, load);
      await rm(own, { recursive: true });
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** In memory if there is room for the files of a session. */
async function roomyDirectory(): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(IN_MEMORY);
    if (bavail * bsize > NEEDED_BYTES) return IN_MEMORY;
  } catch {
    // There is none.
  }
  return tmpdir();
}
