import { describe, expect, it } from 'vitest';
import { createRing, INT, MOST_RECORDS } from '../src/ring/layout.ts';
import { ringMemory, type WebAssemblyApi, webAssembly } from '../src/ring/ring-memory.ts';

class NoMemory {
  readonly buffer = new SharedArrayBuffer(0);
  constructor() {
    throw new RangeError('could not allocate memory');
  }
}

describe.each([
  ['with WebAssembly', webAssembly],
  ['without it', undefined],
  ['where addresses are scarce', { ...(webAssembly as WebAssemblyApi), Memory: NoMemory }],
])('the memory of a ring %s', (_, given) => {
  it.each([1, 70_000, 64 * 2 ** 20 + 512])('has at least %i bytes', (bytes) => {
    const { buffer } = ringMemory(Math.ceil(bytes / 8) * 8, given);
    expect(buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(buffer.byteLength).toBeGreaterThanOrEqual(bytes);
  });

  it.each([0, 1, 2 ** 31 - 1, -(2 ** 31), -1])(
    'stores a head of %i in its first word and nowhere else',
    (head) => {
      const { buffer, storeHead } = ringMemory(4096, given);
      const ints = new Int32Array(buffer).fill(7);
      storeHead(head);
      expect(Atomics.load(ints, 0)).toBe(head);
      expect(ints.subarray(1).every((word) => word === 7)).toBe(true);
    },
  );
});

it('is the memory of the largest ring', () => {
  const { ints, storeHead } = createRing(MOST_RECORDS, 1);
  storeHead(-5);
  expect(ints[INT.head]).toBe(-5);
});
