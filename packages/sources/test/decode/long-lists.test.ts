import { encode } from '@msgpack/msgpack';
import { expect, it } from 'vitest';
import { MsgpackReader } from '../../src/decode/msgpack/reader.ts';

const MAX_DEPTH = 8;

/** xorshift32: the same lists in every run. */
let state = 0x2545f491;
function next(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

const KINDS: readonly (() => unknown)[] = [
  () => next(2 ** 16),
  () => next(151_936),
  () => 65_536 + next(2 ** 20),
  () => next(300),
  () => next(2 ** 31) - 2 ** 30,
  () => BigInt(next(2 ** 31)) << 20n,
  () => [null, true, 1.5, 'a', 'x'.repeat(40), new Uint8Array(3), [1, [2]], { a: 1 }][next(8)],
];

/** Mostly elements of one kind, with others among them as often as told. */
function list(count: number): unknown[] {
  const kind = KINDS[next(KINDS.length)] as () => unknown;
  const others = next(3) === 0 ? next(40) : 0;
  return Array.from({ length: count }, () =>
    next(100) < others ? (KINDS[next(KINDS.length)] as () => unknown)() : kind(),
  );
}

/** The position behind what was passed over, or what ended it. */
function outcome(reader: MsgpackReader, content: Uint8Array, pass: (reader: MsgpackReader) => void): unknown {
  reader.read(content);
  try {
    pass(reader);
    return reader.position;
  } catch (error) {
    return String(error);
  }
}

it('are passed over to the byte that one by one leads to, whatever is in them', () => {
  const many = new MsgpackReader(MAX_DEPTH);
  const single = new MsgpackReader(MAX_DEPTH);
  let whole = 0;
  for (let i = 0; i < 6000; i++) {
    const count = 1 + next(next(10) === 0 ? 3000 : 400);
    const encoded = encode(list(count), { useBigInt64: true }).subarray(count < 16 ? 1 : 3);
    const behind = encode(list(next(40)), { useBigInt64: true });
    let content: Uint8Array = Buffer.concat([encoded, behind]);
    if (next(4) === 0) content[next(content.length)] = next(256);
    if (next(4) === 0) content = content.subarray(0, next(content.length));
    const expected = outcome(single, content, (reader) => {
      for (let left = count; left > 0; left--) reader.skip();
    });
    expect(outcome(many, content, (reader) => reader.skipElements(count))).toBe(expected);
    if (expected === encoded.length) whole++;
  }
  expect(whole).toBeGreaterThan(2000);
});
