import { describe, expect, it } from 'vitest';
import { createBlockBudget, type DialectName, EngineIngest, type IngestOptions } from '../../src/index.ts';
import { bytes, HASH, payload, TIME } from '../decode/payloads.ts';
import { listen } from './setup.ts';

function setup(dialect: DialectName = 'vllm', options: Partial<IngestOptions> = {}) {
  const { bus, heard, told } = listen();
  const ingest = new EngineIngest(dialect, { name: 'engine', bus, ...options });
  return {
    bus,
    heard,
    told,
    ingest,
    feed: (...events: unknown[]) => ingest.apply(payload(...events), TIME * 1000),
  };
}

const store = (hashes: unknown[], medium: string | null = 'GPU', ...rest: unknown[]) => [
  'BlockStored',
  hashes,
  null,
  [1, 2],
  2,
  null,
  medium,
  ...rest,
];
const place = (hashes: unknown[], medium: string) => ['BlockStored', hashes, null, [], 0, null, medium];
const remove = (hashes: unknown[], ...rest: unknown[]) => ['BlockRemoved', hashes, ...rest];

describe('reference counts', () => {
  it('publish the first announcement over all media of a tier and the last removal', () => {
    const { feed, told, ingest } = setup();
    feed(store([1n, 2n], 'STORAGE'), store([2n, 3n], 'DISK'));
    expect(told()).toEqual([['block.stored', 'l2', [1n, 2n, 3n]]]);
    feed(remove([2n], 'DISK'), remove([1n], 'STORAGE'));
    expect(told()).toEqual([['block.evicted', 'l2', [1n]]]);
    feed(remove([2n], 'STORAGE'));
    expect(told()).toEqual([['block.evicted', 'l2', [2n]]]);
    expect(ingest.held()).toEqual([0, 0, 1]);
  });

  it('are apart for tiers and groups', () => {
    const { feed, told, ingest } = setup();
    feed(store([1n]), store([1n], 'CPU'), store([1n], 'GPU', null, null, 2));
    expect(told()).toEqual([
      ['block.stored', 'l0', [1n]],
      ['block.stored', 'l1', [1n]],
      ['block.stored', 'l0', ['1/2']],
    ]);
    feed(remove([1n], 'GPU', 2), remove([1n], 'CPU'));
    expect(told()).toEqual([
      ['block.evicted', 'l0', ['1/2']],
      ['block.evicted', 'l1', [1n]],
    ]);
    expect(ingest.held()).toEqual([1, 0, 0]);
  });

  it('count removals of blocks that nobody saw stored, and publish nothing', () => {
    const { feed, told, ingest } = setup();
    feed(remove([7n]), store([1n]), remove([1n, 1n]));
    expect(told()).toEqual([
      ['block.stored', 'l0', [1n]],
      ['block.evicted', 'l0', [1n]],
    ]);
    expect(ingest.statistics.untrackedUnknown).toBe(2);
  });

  it('join runs of events of one kind and tier into one', () => {
    const { feed, told } = setup();
    feed(store([1n]), store([2n]), store([3n], 'CPU'), store([4n]), remove([1n]), remove([2n]));
    expect(told()).toEqual([
      ['block.stored', 'l0', [1n, 2n]],
      ['block.stored', 'l1', [3n]],
      ['block.stored', 'l0', [4n]],
      ['block.evicted', 'l0', [1n, 2n]],
    ]);
  });
});

describe('identity', () => {
  const salted = (hash: bigint, salt: string) => store([hash], 'GPU', { cache_salt: salt });

  it('keeps equal hashes of two salts apart, and removes them without being told the salt', () => {
    const { feed, heard, told } = setup('sglang');
    feed(salted(HASH, 'a'), salted(HASH, 'b'), store([HASH]));
    const [a, b, plain] = heard.flatMap(({ keys }) => keys as unknown[]);
    expect(new Set([a, b, plain]).size).toBe(3);
    told();
    feed(remove([HASH], 'GPU'), remove([HASH], 'GPU'), remove([HASH], 'GPU'));
    expect(told()).toEqual([['block.evicted', 'l0', [a, b, plain]]]);
  });

  it('gives a placeholder the identity of the block that is known by its hash', () => {
    const { feed, heard, told } = setup();
    feed(store([HASH], 'GPU', null, [['salt-a']]));
    const [key] = (heard[0]?.keys ?? []) as string[];
    told();
    feed(place([HASH], 'CPU'), remove([HASH], 'GPU'), remove([HASH], 'CPU'));
    expect(told()).toEqual([
      ['block.stored', 'l1', [key]],
      ['block.evicted', 'l0', [key]],
      ['block.evicted', 'l1', [key]],
    ]);
  });

  it('keeps a digest and the hash of its last eight bytes apart', () => {
    const { feed, told } = setup();
    feed(store([new Uint8Array([0, 0, 0, 0, 0, 0, 0, 5]), 5n]));
    expect(told()).toEqual([['block.stored', 'l0', ['0x0000000000000005', 5n]]]);
  });

  it('removes an untagged SGLang block from each tier that holds it', () => {
    const { feed, told } = setup('sglang');
    feed(store([1n]), store([1n], 'DISK'), remove([1n]));
    expect(told()).toEqual([
      ['block.stored', 'l0', [1n]],
      ['block.stored', 'l2', [1n]],
      ['block.evicted', 'l0', [1n]],
      ['block.evicted', 'l2', [1n]],
    ]);
  });
});

describe('clears, moves and resets', () => {
  it('tells how many blocks each tier loses by a clear', () => {
    const { feed, told, ingest } = setup();
    feed(store([1n, 2n]), store([1n], 'CPU'), ['AllBlocksCleared'], ['AllBlocksCleared']);
    expect(told().slice(2)).toEqual([['tier.cleared', 'l0', 2], ['tier.cleared', 'l1', 1], ['tier.cleared']]);
    expect(ingest.held()).toEqual([0, 0, 0]);
    feed(store([1n]));
    expect(told()).toEqual([['block.stored', 'l0', [1n]]]);
  });

  it('clears one medium of ATOM and leaves the others', () => {
    const { feed, told, ingest } = setup();
    feed(store([1n, 2n]), store([1n], 'CPU'), ['AllBlocksCleared', 'CPU']);
    expect(told().at(-1)).toEqual(['tier.cleared', 'l1', 1]);
    expect(ingest.held()).toEqual([2, 0, 0]);
  });

  it('moves a block with its identity', () => {
    const { feed, told } = setup();
    feed(store([1n], 'GPU', null, null, 3), ['BlockTransferred', [1n], 'GPU', 'CPU', 3]);
    expect(told()).toEqual([
      ['block.stored', 'l0', ['1/3']],
      ['block.evicted', 'l0', ['1/3']],
      ['block.stored', 'l1', ['1/3']],
    ]);
  });

  it('forgets all ranks at a reset', () => {
    const { ingest, heard, told } = setup();
    ingest.apply(bytes([TIME, [store([1n])], 0]), 0);
    ingest.apply(bytes([TIME + 1, [store([1n])], 5]), 0);
    told();
    ingest.reset(99);
    expect(heard).toEqual([
      { event: 'source.reset', time: 1761816192500 },
      { event: 'source.reset', time: 1761816193500 },
    ]);
    expect(ingest.held()).toEqual([0, 0, 0]);
  });

  it('tells of a reset before there was a batch', () => {
    const { ingest, heard } = setup();
    ingest.reset(99);
    expect(heard).toEqual([{ event: 'source.reset', time: 99 }]);
  });
});

describe('bounds', () => {
  it('refuses and counts blocks over the budget, over all publishers together', () => {
    const budget = createBlockBudget(3);
    const one = setup('vllm', { budget });
    const two = setup('vllm', { budget });
    one.feed(store([1n, 2n]));
    two.feed(store([1n, 2n]));
    expect(two.told()).toEqual([['block.stored', 'l0', [1n]]]);
    expect(two.ingest.statistics.untrackedByLimit).toBe(1);
    one.feed(['AllBlocksCleared']);
    two.feed(store([3n, 4n]));
    expect(two.told()).toEqual([['block.stored', 'l0', [3n, 4n]]]);
    expect(budget.used).toBe(3);
  });

  it('skips and counts batches of more than 256 ranks', () => {
    const { ingest } = setup();
    for (let rank = 0; rank < 300; rank++) ingest.apply(bytes([TIME, [], rank]), 0);
    expect(ingest.statistics.errors('too_many_sources')).toBe(44);
  });

  it('asks sources what they hold, and their capacity only where the operator gave it', () => {
    const { feed, bus } = setup('vllm', { capacities: { l0: 100 } });
    feed(store([1n, 2n]), store([1n], 'CPU'));
    const [source] = bus.sources;
    expect(source?.occupancy?.().tiers).toEqual([
      { tier: 'l0', evictable: 0, pinned: 0, unknown: 2, capacity: 100 },
      { tier: 'l1', evictable: 0, pinned: 0, unknown: 1 },
    ]);
    expect(source?.accesses).toBe(false);
  });
});

it('counts batches, events by type, errors by kind and the lag', () => {
  const { ingest } = setup();
  ingest.apply(payload(store([1n]), remove([1n]), ['AllBlocksCleared'], ['X'], 7), TIME * 1000 + 250);
  ingest.apply(new Uint8Array([0xc1]), 0);
  const { statistics } = ingest;
  expect([statistics.batches, statistics.lagMs]).toEqual([1, 250]);
  expect(
    ['stored', 'removed', 'cleared', 'other'].map((type) => statistics.events(type as 'stored')),
  ).toEqual([1, 1, 1, 1]);
  expect(statistics.errors('unknown_event')).toBe(1);
  expect(statistics.errors('malformed_event')).toBe(1);
  expect(statistics.errors('invalid')).toBe(1);
});
