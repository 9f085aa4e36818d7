import { expect, it } from 'vitest';
import { TrtllmIngest } from '../../src/index.ts';
import { listen } from './setup.ts';

const HASH = '15760518052499183552';

function setup() {
  const { bus, told } = listen();
  const ingest = new TrtllmIngest({ name: 'trt', bus });
  /** Hashes stand in the text as bare integers, as the engine writes them. */
  const feed = (text: string) => ingest.apply(Buffer.from(text), 1000);
  const event = (id: number, data: string, more = '') =>
    `{"event_id":${id},"data":${data},"window_size":4096${more}}`;
  const stored = (hash: string, level = 0) =>
    `{"type":"stored","parent_hash":null,"blocks":[{"type":"stored_block","block_hash":${hash},"tokens":[{"type":"unique_token","token_id":1,"token_extra_id":0}],"cache_level":${level},"priority":35}]}`;
  const removed = (hash: string) => `{"type":"removed","block_hashes":[${hash}]}`;
  const moved = (hash: string, from: number, to: number) =>
    `{"type":"updated","block_hash":${hash},"cache_level":{"type":"event_diff","new_value":${to},"old_value":${from}},"priority":null}`;
  const created = '{"type":"created","num_blocks_per_cache_level":[100,50]}';
  return { bus, told, ingest, feed, event, stored, removed, moved, created };
}

it('follows a block through its tiers with its exact hash', () => {
  const { feed, event, stored, moved, removed, created, told, bus } = setup();
  feed(
    `[${event(0, created)},${event(1, stored(HASH))},${event(2, moved(HASH, 0, 1))},${event(3, removed(HASH))}]`,
  );
  const key = BigInt(HASH);
  expect(told()).toEqual([
    ['block.stored', 'l0', [key]],
    ['block.evicted', 'l0', [key]],
    ['block.stored', 'l1', [key]],
    ['block.evicted', 'l1', [key]],
  ]);
  const [source] = bus.sources;
  expect(source?.occupancy?.().tiers.map(({ tier, capacity }) => [tier, capacity])).toEqual([
    ['l0', 100],
    ['l1', 50],
  ]);
});

it('counts an id gap with its size and resets', () => {
  const { feed, event, stored, told, ingest } = setup();
  feed(`[${event(0, stored('1'))},${event(4, stored('2'))}]`);
  expect(told()).toEqual([['block.stored', 'l0', [1n]], ['source.reset'], ['block.stored', 'l0', [2n]]]);
  expect(ingest.statistics.missed).toBe(3);
});

it('takes ids that go back for a restart, and the same id again for a duplicate', () => {
  const { feed, event, stored, told, ingest } = setup();
  feed(
    `[${event(0, stored('1'))},${event(1, stored('2'))},${event(1, stored('2'))},${event(0, stored('3'))}]`,
  );
  expect(told()).toEqual([['block.stored', 'l0', [1n, 2n]], ['source.reset'], ['block.stored', 'l0', [3n]]]);
  expect([ingest.statistics.restarts, ingest.statistics.duplicates]).toEqual([1, 1]);
});

it('keeps ranks, groups and digests apart', () => {
  const { feed, event, stored, told, ingest } = setup();
  const digest = 'ab'.repeat(32);
  feed(
    `[${event(0, stored('1'), ',"attention_dp_rank":1')},${event(0, stored('1'), ',"layer_group_id":2')},${event(1, stored(`"${digest}"`))}]`,
  );
  expect(told()).toEqual([
    ['block.stored', 'l0', [1n]],
    ['block.stored', 'l0', ['1/2', `0x${digest}`]],
  ]);
  expect(ingest.statistics.missed).toBe(0);
});

it('skips and counts what it cannot use, and takes the rest', () => {
  const { feed, event, stored, told, ingest } = setup();
  feed(`[${event(0, stored('9'))},7]`);
  // Their ids count: what cannot be used is not lost, and nothing is forgotten for it.
  feed(`[${event(1, '{"type":"pinned"}')},${event(2, stored('1.5'))},${event(3, stored('1'))}]`);
  feed('not json');
  feed(`${'['.repeat(1_000_000)}`);
  expect(told()).toEqual([
    ['block.stored', 'l0', [9n]],
    ['block.stored', 'l0', [1n]],
  ]);
  expect(ingest.statistics.missed).toBe(0);
  const kinds = ['malformed_event', 'unknown_event', 'invalid', 'too_deep'] as const;
  expect(kinds.map((kind) => ingest.statistics.errors(kind))).toEqual([2, 1, 1, 1]);
});
