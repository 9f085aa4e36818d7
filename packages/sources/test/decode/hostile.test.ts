import { describe, expect, it } from 'vitest';
import { EngineDecoder } from '../../src/index.ts';
import { bytes, captured, HASH, payload, TIME, told } from './payloads.ts';

const GOOD = ['BlockRemoved', [HASH], 'GPU'];
const H = String(HASH);
const nested = (depth: number): unknown => (depth === 0 ? 0 : [nested(depth - 1)]);

describe('an event that cannot be used', () => {
  it.each([
    ['unknown_event', ['BlockPinned', [1]]],
    ['unknown_event', { type: 'BlockPinned', block_hashes: [1] }],
    ['unknown_medium', ['BlockRemoved', [1], 'TAPE']],
    ['malformed_event', ['BlockRemoved', [1], 7]],
    ['malformed_event', ['BlockRemoved', 'abc', 'GPU']],
    ['malformed_event', ['BlockRemoved', [1.5], 'GPU']],
    ['malformed_event', ['BlockRemoved', [new Uint8Array(0)], 'GPU']],
    ['malformed_event', ['BlockRemoved', [new Uint8Array(65)], 'GPU']],
    ['malformed_event', ['BlockRemoved', [1], 'GPU', -1]],
    ['malformed_event', ['BlockStored', [1], null]],
    ['malformed_event', []],
    ['malformed_event', [7]],
    ['malformed_event', 'BlockRemoved'],
    ['malformed_event', null],
    ['malformed_event', {}],
    ['malformed_event', { type: 'BlockRemoved', medium: 'GPU' }],
    ['malformed_event', { type: 7, block_hashes: [1] }],
    ['malformed_event', { block_hashes: [1] }],
  ])('is counted as %s and does not cost its neighbours: %j', (reason, event) => {
    const { events, skipped } = captured('vllm', payload(GOOD, event, GOOD));
    expect(told(events)).toEqual([
      ['block.evicted', 'l0', [H]],
      ['block.evicted', 'l0', [H]],
    ]);
    expect(skipped).toEqual([[reason, 1]]);
  });

  it('has more hashes than allowed', () => {
    const { events, skipped } = captured('vllm', payload(GOOD, ['BlockRemoved', [1, 2, 3], 'GPU'], GOOD), {
      limits: { maxHashes: 2 },
    });
    expect(events).toHaveLength(2);
    expect(skipped).toEqual([['too_many_hashes', 1]]);
  });
});

describe('a payload that cannot be decoded', () => {
  const refused = (content: Uint8Array, limits = {}) => new EngineDecoder('vllm', limits).decode(content);

  it('is cut off: at no byte does anything of it come through', () => {
    const whole = payload(GOOD, { type: 'BlockRemoved', block_hashes: [1], medium: 'GPU' });
    for (let length = 0; length < whole.length; length++) {
      expect(refused(whole.subarray(0, length))).toBe('truncated');
    }
  });

  it.each([
    ['invalid', bytes(7)],
    ['invalid', bytes([TIME])],
    ['invalid', bytes(['now', [], 0])],
    ['invalid', bytes([Number.NaN, [], 0])],
    ['invalid', bytes([TIME, 7, 0])],
    ['invalid', bytes({ ts: TIME })],
    ['invalid', bytes({ events: [] })],
    ['invalid', Buffer.concat([payload(GOOD), Buffer.from([0])])],
    ['invalid', Buffer.from('92cb41da40cba020000091c1', 'hex')],
    ['truncated', Buffer.from('ddffffffff', 'hex')],
    ['truncated', Buffer.from('92cb41da40cba0200000ddffffffff', 'hex')],
    ['truncated', Buffer.from('92cb41da40cba020000091c6ffffffff', 'hex')],
    ['truncated', Buffer.from('92cb41da40cba020000091dfffffffff', 'hex')],
    ['truncated', Buffer.from('92cb41da40cba020000091c9ffffffff', 'hex')],
  ])('is %s', (kind, content) => {
    expect(refused(content)).toBe(kind);
  });

  it('is larger, deeper or longer than allowed', () => {
    expect(refused(payload(GOOD), { maxPayloadBytes: 10 })).toBe('oversized');
    expect(refused(payload(['X', nested(20)]))).toBe('too_deep');
    expect(refused(payload(['X', nested(20)]), { maxDepth: 30 })).toBeTypeOf('object');
    expect(refused(payload(GOOD, GOOD, GOOD), { maxEvents: 2 })).toBe('too_many_events');
  });

  it('nests a million deep', () => {
    expect(refused(Buffer.alloc(1_000_000, 0x91))).not.toBeTypeOf('object');
    const deep = Buffer.concat([Buffer.from('92cb41da40cba020000091', 'hex'), Buffer.alloc(1_000_000, 0x91)]);
    expect(refused(deep)).toBe('too_deep');
  });

  it('does not disturb the next one', () => {
    const decoder = new EngineDecoder('vllm');
    expect(decoder.decode(payload(GOOD, ['BlockRemoved', [1, 2, 3]]).subarray(0, 30))).toBe('truncated');
    const batch = decoder.decode(payload(GOOD));
    expect(batch).toMatchObject({ size: 1, time: TIME * 1000, rank: 0 });
  });
});

it('reads the time of a batch alone, array or map', () => {
  const decoder = new EngineDecoder('vllm');
  const times = [[TIME, [], 0], { events: [[1, [2]]], ts: TIME }, { events: [] }, {}, []].map((batch) =>
    decoder.timeOf(bytes(batch)),
  );
  expect(times).toEqual([TIME * 1000, TIME * 1000, Number.NaN, Number.NaN, Number.NaN]);
});

it('names the limit that is out of range', () => {
  expect(() => new EngineDecoder('vllm', { maxDepth: 0 })).toThrow(/maxDepth is 0; allowed: a whole number/);
});
