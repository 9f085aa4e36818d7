// Another process with a store, for the tests that need one: `node writer.mjs DIRECTORY BLOCKS`. It opens the
// directory and says so, then puts and dumps that many blocks over and over and says so of each dump, so that it can be
// killed in the middle of any. With 0 blocks it only holds the directory.
import { createBus } from '@kvscope/core';
import { openStore } from '@kvscope/tiered-store';

const [directory, blocks] = process.argv.slice(2);
const block = { layers: 3, shards: 2, shardBytes: 100 };
const store = await openStore({ directory, block, l0Blocks: 8, l1Blocks: 8, l2Blocks: 64, bus: createBus() });
process.stdout.write('open\n');
// Keeps the process alive until it is killed.
setInterval(() => {}, 60_000);

/** The same content as `contentOf` in setup.ts, by another hand. */
function fill(bytes, key) {
  let state = 2166136261;
  for (const unit of `${typeof key} ${key}`) state = Math.imul(state ^ unit.charCodeAt(0), 16777619);
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[i] = state >>> 24;
  }
}

for (let round = 0; Number(blocks) > 0; round++) {
  const first = (round * 4) % Number(blocks);
  const keys = [first, first + 1, first + 2, first + 3];
  if (round % 3 === 2) await store.evict(keys);
  store.put(keys, fill);
  await store.dump(keys);
  process.stdout.write('dumped\n');
  store.release(keys);
}
