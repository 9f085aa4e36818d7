import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EngineDecoder } from '../../src/index.ts';
import { bytes, captured, HASH, OTHER, payload, SIGNED, TIME, told } from './payloads.ts';

const H = String(HASH);
const O = String(OTHER);
const TOKENS = [1, 2, 300, 70_000];

function storedArray(generation: 1 | 2 | 3 | 5 | 6 | 7, hashes: unknown[] = [HASH], medium: unknown = 'GPU') {
  const v1 = ['BlockStored', hashes, null, TOKENS, 2, null];
  if (generation < 3) return v1;
  const v3 = [...v1, medium];
  if (generation < 5) return v3;
  const v5 = [...v3, 'sql-lora'];
  if (generation < 6) return v5;
  const v6 = [...v5, [null]];
  return generation < 7 ? v6 : [...v6, 0, 'full_attention', null];
}

describe('array generations', () => {
  it.each([1, 2, 3, 5, 6, 7] as const)('reads vLLM v%i', (generation) => {
    const batch = generation === 1 ? [TIME, [storedArray(1)]] : [TIME, [storedArray(generation)], null];
    const { events, skipped } = captured('vllm', bytes(batch));
    expect(events).toEqual([
      { event: 'block.stored', tier: 'l0', keys: [H], cause: 'unknown', time: 1761816192500 },
    ]);
    expect(skipped).toEqual([]);
  });

  it('keeps the byte digests of v4 whole', () => {
    const digest = createHash('sha256').update('block').digest();
    const { events } = captured('vllm', payload(storedArray(3, [digest]), ['BlockRemoved', [digest], 'GPU']));
    const key = `0x${digest.toString('hex')}`;
    expect(told(events)).toEqual([
      ['block.stored', 'l0', [key]],
      ['block.evicted', 'l0', [key]],
    ]);
  });

  it('reads removes of two, three, four and six elements', () => {
    const { events } = captured(
      'vllm',
      payload(
        ['BlockRemoved', [HASH]],
        ['BlockRemoved', [HASH], 'CPU'],
        ['BlockRemoved', [HASH], 'STORAGE', 2],
        ['BlockRemoved', [HASH], null, 0, 'sliding_window', 1024],
      ),
    );
    expect(told(events)).toEqual([
      ['block.evicted', 'l0', [H]],
      ['block.evicted', 'l1', [H]],
      ['block.evicted', 'l2', [`${H}/2`]],
      ['block.evicted', 'l0', [H]],
    ]);
  });

  it('takes the signed and the unsigned form of a hash as one key', () => {
    const { events } = captured('vllm', payload(storedArray(1, [HASH, SIGNED, -1n, -1, 5])));
    expect(events[0]?.keys).toEqual([H, '18446744073709551615', '5']);
  });

  it('makes no event of a list without hashes', () => {
    const { events, skipped } = captured('vllm', payload(storedArray(3, []), ['BlockRemoved', []]));
    expect([events, skipped]).toEqual([[], []]);
  });

  it('reads integers of every width as the same hash', () => {
    const forms = [
      '07',
      'cc07',
      'cd0007',
      'ce00000007',
      'cf0000000000000007',
      'd007',
      'd10007',
      'd200000007',
    ];
    const hashes = forms.map((form) => Buffer.from(form, 'hex'));
    const content = Buffer.concat([
      Buffer.from('93cb41da40cba02000009192ac426c6f636b52656d6f766564', 'hex'),
      Buffer.from([0x90 | forms.length]),
      ...hashes,
      Buffer.from('c0', 'hex'),
    ]);
    expect(captured('vllm', content).events[0]?.keys).toEqual(['7']);
  });

  it('reads a salt where SGLang g3 puts a map and vLLM a lora name', () => {
    const g3 = [
      'BlockStored',
      [HASH],
      null,
      [1, 2],
      2,
      null,
      'GPU',
      { session_id: 's', cache_salt: 'tenant-a' },
    ];
    expect(captured('sglang', payload(g3)).events[0]?.keys).toEqual([`${H}/0#80a707af7dc77ee1`]);
    const unsalted = [...g3.slice(0, 7), { session_id: 's' }];
    expect(captured('sglang', payload(unsalted)).events[0]?.keys).toEqual([H]);
  });

  it('salts each block with its own extra keys', () => {
    const event = ['BlockStored', [1n, 2n, 3n], null, [], 2, null, 'GPU', null, [['a'], null, ['b', 7]], 1];
    const keys = captured('vllm', payload(event)).events[0]?.keys as string[];
    expect(keys[0]).toMatch(/^1\/1#[0-9a-f]{16}$/);
    expect(keys[1]).toBe('2/1');
    expect(keys[2]).toMatch(/^3\/1#[0-9a-f]{16}$/);
    expect(new Set(keys.map((key) => key.split('#')[1])).size).toBe(3);
  });
});

describe('maps', () => {
  const stored = {
    block_hashes: [SIGNED, OTHER],
    type: 'BlockStored',
    parent_block_hash: null,
    token_ids: TOKENS,
    block_size: 2,
    lora_id: null,
  };

  it('reads fields in any order and passes over those it does not know', () => {
    const { events } = captured('sglang', payload({ event_version: { a: [1, { b: 2 }] }, ...stored }));
    expect(told(events)).toEqual([['block.stored', 'l0', [H, O]]]);
  });

  it('reads typed extra keys, groups and the batch as a map', () => {
    const batch = {
      data_parallel_rank: 3,
      events: [{ ...stored, medium: 'storage', group_idx: 4, extra_keys: [[{ type: 'lora', value: 'x' }]] }],
      ts: TIME,
    };
    const { events, skipped } = captured('vllm', bytes(batch));
    expect(events[0]).toMatchObject({ event: 'block.stored', tier: 'l2', time: TIME * 1000 });
    expect(events[0]?.keys?.[0]).toMatch(new RegExp(`^${H}/4#[0-9a-f]{16}$`));
    expect(events[0]?.keys?.[1]).toBe(`${O}/4`);
    expect(skipped).toEqual([]);
  });

  it('reads anew what changed since the event before at the same place', () => {
    const media = ['GPU', 'GPU', 'CPU', 'CPU', 'GPU', 'disk', null];
    const events = media.map((medium, i) => ({ type: 'BlockStored', block_hashes: [BigInt(i)], medium }));
    expect(told(captured('vllm', payload(...events)).events).map(([, tier]) => tier)).toEqual([
      'l0',
      'l0',
      'l1',
      'l1',
      'l0',
      'l2',
      'l0',
    ]);
  });

  it('tells the block sizes 0 and 128 apart, whose bytes are two zeros as doubles', () => {
    const decoder = new EngineDecoder('vllm');
    const sizes = [0n, 0n, 128n, 0n].map((block_size) => ({
      type: 'BlockStored',
      block_hashes: [1n],
      token_ids: [],
      block_size,
    }));
    const placeholders = sizes.map((event) => {
      const batch = decoder.decode(payload(event));
      return typeof batch === 'object' && batch.isPlaceholder(0);
    });
    expect(placeholders).toEqual([true, true, false, true]);
  });

  it('passes over a long field as over a short one', () => {
    const events = [70, 3, 70, 70].map((length, i) => ({
      type: 'BlockRemoved',
      session_id: 'x'.repeat(length),
      block_hashes: [BigInt(i)],
      medium: 'CPU',
    }));
    expect(told(captured('vllm', payload(...events)).events)).toEqual(
      [0, 1, 2, 3].map((i) => ['block.evicted', 'l1', [String(i)]]),
    );
  });

  it('removes an SGLang block without a medium from the tiers that hold it', () => {
    const { events } = captured(
      'sglang',
      payload(
        { ...stored, medium: 'CPU_PINNED' },
        { ...stored, medium: 'DISK' },
        { type: 'BlockRemoved', block_hashes: [HASH] },
      ),
    );
    expect(told(events).slice(2)).toEqual([
      ['block.evicted', 'l1', [H]],
      ['block.evicted', 'l2', [H]],
    ]);
  });
});

describe('ATOM', () => {
  it('reads its trailing offset, its transfers and its clear of one medium', () => {
    const { events, skipped } = captured(
      'vllm',
      payload(
        [...storedArray(7), 4096],
        ['BlockTransferred', [HASH], 'GPU', 'REMOTE', null],
        ['AllBlocksCleared', 'REMOTE'],
        ['AllBlocksCleared', null],
      ),
    );
    expect(told(events)).toEqual([
      ['block.stored', 'l0', [H]],
      ['block.evicted', 'l0', [H]],
      ['block.stored', 'l2', [H]],
      ['tier.cleared', 'l2', undefined],
      ['tier.cleared', undefined, undefined],
    ]);
    expect(skipped).toEqual([]);
  });
});

describe('Mooncake', () => {
  const object = {
    event_id: 1,
    timestamp: 1761816192500,
    model_name: null,
    block_size: null,
    additional_salt: null,
    lora_name: null,
    tenant_id: 'default',
    backend_id: 'b',
    group_id: null,
    dp_rank: null,
    base_block_idx: 0,
    parent_hash: null,
    token_ids: null,
    parent_block_hash: null,
  };

  it('reads hashes once, times in ms, and the object key where there is no hash', () => {
    const { events, skipped } = captured(
      'mooncake',
      bytes([
        1761816192500n,
        [
          {
            ...object,
            event_type: 'stored',
            type: 'BlockStored',
            medium: 'cpu',
            object_key: H,
            seq_hashes: [HASH],
            block_hashes: [SIGNED],
          },
          {
            ...object,
            event_type: 'removed',
            type: 'BlockRemoved',
            medium: 'disk',
            object_key: 'abc_0_k',
            seq_hashes: [],
            block_hashes: [],
          },
        ],
        0,
      ]),
    );
    expect(events).toEqual([
      { event: 'block.stored', tier: 'l1', keys: [H], cause: 'offloaded', time: 1761816192500 },
      { event: 'block.evicted', tier: 'l2', keys: ['abc_0_k'], reason: 'capacity', time: 1761816192500 },
    ]);
    expect(skipped).toEqual([]);
  });
});

describe('media', () => {
  it.each([
    ['gpu', 'l0'],
    ['HBM', 'l0'],
    ['Device', 'l0'],
    ['cpu', 'l1'],
    ['CPU_PINNED', 'l1'],
    ['host', 'l1'],
    ['DISK', 'l2'],
    ['ssd', 'l2'],
    ['Storage', 'l2'],
    ['EXTERNAL', 'l2'],
    ['remote', 'l2'],
    ['OBJECT', 'l2'],
  ])('%s is %s', (medium, tier) => {
    expect(captured('vllm', payload(storedArray(3, [HASH], medium))).events[0]?.tier).toBe(tier);
  });
});
