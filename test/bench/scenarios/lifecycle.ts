/*
 * What the lifecycle subscriber costs. It records to nobody here: what recording costs is measured by itself
 * (`recording`).
 */
import { ghostMemory, ghostSweep, longestPublish, memory } from '../lifecycle/growth.js';
import { sampled } from '../lifecycle/sampled.js';
import { steady } from '../lifecycle/steady.js';
import { measure } from './shapes.js';

await measure<'lifecycle'>({
  numbers: () => sampled('number keys', 8, (n) => n),
  bigints: () =>
    sampled('64-bit bigint keys', 15, (n) => (BigInt(n) << 32n) | BigInt((n ^ 0x5bd1e995) >>> 0)),
  strings: () => sampled('40-character strings', 85, (n) => n.toString(16).padStart(40, '0')),
  '4k live': () => steady('4 k', 4096, 100, [134, 148]),
  '64k live': () => steady('64 k', 65_536, 180, [180, 430]),
  '1M live': () => steady('1 M', 1_000_000, 280, [390, 700]),
  memory,
  'memory of ghosts': ghostMemory,
  'longest publish': longestPublish,
  'ghost sweep': ghostSweep,
});
