import { readdir } from 'node:fs/promises';
import { createBus } from '@kvscope/core';
import { expect, it } from 'vitest';
import { openStore } from '../src/index.ts';
import { writeAndKill } from './other-process.ts';
import { BLOCK, contentOf, temporaryDirectory } from './setup.ts';

/** `KVSCOPE_KILLS=200 npx vitest run packages/tiered-store/test/kill.test.ts` for the long run. */
const KILLS = Number(process.env.KVSCOPE_KILLS ?? 10);
const BLOCKS = 96;

it(`shows whole blocks only after ${KILLS} kill -9 in the middle of writing`, {
  timeout: 600_000,
}, async () => {
  const directory = await temporaryDirectory();
  let checked = 0;
  let leftovers = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    await writeAndKill(directory, BLOCKS);
    leftovers += (await readdir(directory)).filter((name) => name.endsWith('.part')).length;
    const store = await openStore({
      directory,
      block: BLOCK,
      l0Blocks: BLOCKS + 4,
      l1Blocks: 8,
      l2Blocks: 64,
      bus: createBus(),
    });
    expect((await readdir(directory)).filter((name) => name.endsWith('.part'))).toEqual([]);
    const { keys } = store.lookup(
      Array.from({ length: BLOCKS + 4 }, (_, key) => key),
      { prefix: false },
    );
    await store.load(keys);
    for (const key of keys) expect(store.bytes(key).equals(contentOf(key))).toBe(true);
    checked += keys.length;
    store.release(keys);
    await store.close();
  }
  process.stdout.write(
    `${KILLS} kills: ${checked} visible blocks checked, ${leftovers} half-written files cleaned\n`,
  );
  expect(checked).toBeGreaterThan(0);
});
