import { expect, test } from 'vitest';
import { BANDWIDTH, BYTES, LATENCY, SHARE, WAIT } from '../../src/metrics/boundaries.ts';

test('BYTES: powers of 4 from 4 KiB to 16 GiB', () => {
  expect([BYTES[0], BYTES[1], BYTES.at(-1)]).toEqual([4096, 16_384, 16 * 2 ** 30]);
  expect(BYTES).toHaveLength(12);
});

test('BANDWIDTH: whole bytes per second from 50 MB/s to 256 GB/s', () => {
  expect([BANDWIDTH[0], BANDWIDTH.at(-1)]).toEqual([50_000_000, 256_000_000_000]);
  expect(BANDWIDTH).toHaveLength(30);
  expect(BANDWIDTH.every(Number.isInteger)).toBe(true);
});

test('WAIT: none has a bucket of its own, then LATENCY to 1 s', () => {
  expect(WAIT[0]).toBe(0);
  expect(WAIT.at(-1)).toBe(1);
  expect(WAIT.slice(1)).toEqual(LATENCY.slice(0, -3));
});

test('SHARE: tenths, finer at the top', () => {
  expect(SHARE).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1]);
});
