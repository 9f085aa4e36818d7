import { createBus, createSampler, startSubscriber, systemClock } from '@kvscope/core';
import { MemoryRecorder } from '@kvscope/core/testing';
import { EngineIngest } from '@kvscope/sources';
import { lifecycle } from '@kvscope/subscriber-lifecycle';
import { decode, encode } from '@msgpack/msgpack';
import { type Comparison, compare } from '../comparison.js';
import { measure } from './shapes.js';

/** Batches that are live at a time: 32,768 blocks. */
const BATCHES = 2048;
const BLOCKS = 16;
const TOKENS_PER_BLOCK = 16;
const PEER = '@msgpack/msgpack decoding the same bytes';
/** 2 M blocks/s a core. */
const BUDGET_NS = 500;

/** Random, not repeating, the same in every run. */
let state = 0x2545f491;
function word(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state >>> 0;
}
const hash = () => (BigInt(word()) << 32n) | BigInt(word());
const tokens = (count: number) => Array.from({ length: count }, () => word() % 151_936);

/** As a vLLM 0.26 sends them, every field there. */
function stored(hashes: readonly bigint[]): unknown {
  return {
    type: 'BlockStored',
    block_hashes: hashes,
    parent_block_hash: hash(),
    token_ids: tokens(hashes.length * TOKENS_PER_BLOCK),
    block_size: TOKENS_PER_BLOCK,
    lora_id: null,
    medium: 'GPU',
    lora_name: null,
    extra_keys: hashes.map(() => null),
    group_idx: 0,
    kv_cache_spec_kind: 'full_attention',
  };
}
const removed = (hashes: readonly bigint[]) => ({
  type: 'BlockRemoved',
  block_hashes: hashes,
  medium: 'GPU',
});

const batch = (events: unknown[]) => encode([1789095808.8, events, 0], { useBigInt64: true });

async function decoding(
  what: string,
  split: (hashes: readonly bigint[], event: typeof stored) => unknown[],
): Promise<Comparison[]> {
  const all = Array.from({ length: BATCHES }, () => Array.from({ length: BLOCKS }, hash));
  const stores = all.map((hashes) => batch(split(hashes, stored)));
  const removes = all.map((hashes) => batch(split(hashes, removed)));
  const bus = createBus();
  startSubscriber(lifecycle, {
    bus,
    recorder: new MemoryRecorder(),
    clock: systemClock,
    sampler: createSampler(0.01),
  });
  const ingest = new EngineIngest('vllm', { name: 'bench', bus });
  let ours = 0;
  let peer = 0;
  let sink = 0;
  // The budget is one of stores: what it says of its peer, 25 us for 16 events of one block and 5.5 us for one of 16, is what
  // decoding stores takes. A removal has nothing to skip, so that it costs the generic decode a
  // fifth to a third of that; it is shown as well, without a budget.
  // Each batch of stores is followed by the removal of the batch that came half a round before it.
  const half = BATCHES / 2;
  const churn = await compare({
    what: `${what}: store and remove, per block`,
    peerName: PEER,
    perCall: 2 * BLOCKS,
    ours: () => {
      const i = ours++ % BATCHES;
      ingest.apply(stores[i] as Uint8Array, 0);
      ingest.apply(removes[(i + half) % BATCHES] as Uint8Array, 0);
    },
    peer: () => {
      const i = peer++ % BATCHES;
      sink += (decode(stores[i] as Uint8Array, { useBigInt64: true }) as unknown[]).length;
      sink += (decode(removes[(i + half) % BATCHES] as Uint8Array, { useBigInt64: true }) as unknown[])
        .length;
    },
  });
  ingest.reset(0);
  const only = await compare({
    what: `${what}: stores only, per block`,
    peerName: PEER,
    budget: BUDGET_NS,
    ratio: 0.4,
    perCall: BLOCKS,
    ours: () => {
      // The blocks of a round must be gone before the next; the reset is part of the cost.
      if (ours++ % BATCHES === 0) ingest.reset(0);
      ingest.apply(stores[ours % BATCHES] as Uint8Array, 0);
    },
    peer: () => {
      sink += (decode(stores[peer++ % BATCHES] as Uint8Array, { useBigInt64: true }) as unknown[]).length;
    },
  });
  if (sink < 0 || ingest.statistics.errors() > 0) throw new Error('the payloads were not decoded');
  return [churn, only];
}

const EVENTS_OF_ONE = '16 events of one block';
const ONE_EVENT = 'one event of 16 blocks';
await measure<'ingest'>({
  [EVENTS_OF_ONE]: () => decoding(EVENTS_OF_ONE, (hashes, event) => hashes.map((each) => event([each]))),
  [ONE_EVENT]: () => decoding(ONE_EVENT, (hashes, event) => [event(hashes)]),
});
