import { createBus } from '@kvscope/core';
import { expect, it } from 'vitest';
import type { DecodedBatch } from '../../src/decode/decoded-batch.ts';
import { createBlockBudget, EngineDecoder, EngineIngest } from '../../src/index.ts';
import { bytes, HASH, TIME } from './payloads.ts';

/**
 * A run of the whole size by hand: KVSCOPE_FUZZ=1000000 npx vitest run packages/sources/test/decode/fuzz.test.ts
 */
const ROUNDS = Number(process.env.KVSCOPE_FUZZ ?? 20_000);
const MAX_BLOCKS = 10_000;

const SEEDS = [
  bytes([
    TIME,
    [['BlockStored', [HASH, 2n], null, [1, 2, 300], 2, null, 'GPU', null, [['a'], null], 1, 'x', null]],
    0,
  ]),
  bytes([
    TIME,
    [{ type: 'BlockStored', block_hashes: [HASH], token_ids: [1], block_size: 1, cache_salt: 's' }],
    1,
  ]),
  bytes({ ts: TIME, events: [['BlockRemoved', [new Uint8Array(32)], 'CPU'], ['AllBlocksCleared']] }),
];

/** xorshift32: the same mutations in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function mutated(next: (below: number) => number): Uint8Array {
  if (next(4) === 0) return Uint8Array.from({ length: next(200) }, () => next(256));
  const content = Uint8Array.from(SEEDS[next(SEEDS.length)] as Uint8Array);
  for (let edits = 1 + next(4); edits > 0; edits--) content[next(content.length)] = next(256);
  return next(3) === 0 ? content.subarray(0, next(content.length)) : content;
}

it(`survives ${ROUNDS} random and mutated payloads and loses no valid one between them`, () => {
  const bus = createBus();
  const ingests = (['vllm', 'sglang', 'mooncake'] as const).map(
    (dialect) => new EngineIngest(dialect, { name: dialect, bus, budget: createBlockBudget(MAX_BLOCKS) }),
  );
  const [vllm] = ingests as [EngineIngest, ...EngineIngest[]];
  const known = bytes([
    TIME,
    [['AllBlocksCleared'], ['BlockStored', [1n, 2n, 3n], null, [], 4, null, 'DISK']],
    9,
  ]);
  const next = random(0x9e3779b9);
  let stored = 0;
  bus.subscribe('block.stored', 'test', ({ keys, source }) => {
    if (source.attributes['kv_cache.publisher.rank'] === 9) stored += keys.length;
  });
  const valid = Math.floor(ROUNDS / 100);
  for (let i = 0; i < ROUNDS; i++) {
    const content = mutated(next);
    for (const ingest of ingests) ingest.apply(content, 0);
    if (i % 100 === 99) vllm.apply(known, 0);
  }
  // Mutated payloads may also speak for rank 9, but never take what the known one says.
  expect(stored).toBeGreaterThanOrEqual(3 * valid);
  expect(vllm.statistics.batches).toBeGreaterThan(valid);
  for (const ingest of ingests) {
    expect(ingest.held().reduce((sum, held) => sum + held, 0)).toBeLessThanOrEqual(3 * MAX_BLOCKS);
  }
});

it('gives for a map what a decoder gives that saw none before', () => {
  const values = [
    null,
    0,
    1,
    16,
    -1,
    2 ** 31,
    1.5,
    'GPU',
    'gpu',
    'CPU',
    'TAPE',
    'BlockStored',
    'BlockRemoved',
    'X',
    '',
  ];
  const keys = ['type', 'medium', 'block_size', 'group_idx', 'from_medium', 'to_medium', 'lora_name', 'a'];
  const next = random(0x51ed270b);
  const seen = new EngineDecoder('vllm');
  const told = (batch: DecodedBatch | string) => {
    if (typeof batch === 'string') return batch;
    const events = Array.from({ length: batch.size }, (_, i) => [
      batch.kindOf(i),
      batch.tierOf(i),
      batch.destinationOf(i),
      batch.groupOf(i),
      batch.isPlaceholder(i),
      batch.endOf(i),
    ]);
    return {
      events,
      hashes: [...batch.blocks.hashes.subarray(0, batch.blocks.length)],
      skips: [...batch.skipped],
    };
  };
  const event = () => {
    const entries: [string, unknown][] = [
      ['type', next(2) === 0 ? 'BlockStored' : 'BlockTransferred'],
      ['block_hashes', [BigInt(next(9)) << 40n]],
      ['token_ids', Array.from({ length: next(3) }, () => next(2 ** 17))],
      ['block_size', next(2)],
      ['medium', 'GPU'],
    ];
    for (let i = next(3); i > 0; i--) {
      entries.splice(next(entries.length), next(2), [
        keys[next(keys.length)] as string,
        values[next(values.length)],
      ]);
    }
    // Two entries of one key, which no object has.
    const start = Buffer.from([0x80 + entries.length]);
    return Buffer.concat([start, ...entries.map((entry) => bytes(entry).subarray(1))]);
  };
  for (let i = 0; i < ROUNDS / 4; i++) {
    const events = Array.from({ length: 1 + next(3) }, event);
    const content = Buffer.concat([
      bytes([TIME, events.map(() => 0), 0]).subarray(0, 11),
      ...events,
      Buffer.from([0]),
    ]);
    if (next(3) === 0) content[next(content.length)] = next(256);
    expect(told(seen.decode(content))).toEqual(told(new EngineDecoder('vllm').decode(content)));
  }
});
