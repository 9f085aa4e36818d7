import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBus } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { nodeBlockFiles, openStore } from '../src/index.ts';
import { holder } from './other-process.ts';
import { BLOCK, contentOf, FILE_BYTES, persist, setup, temporaryDirectory } from './setup.ts';

const SIZES = { block: BLOCK, l0Blocks: 4, l1Blocks: 4, l2Blocks: 4 };
const open = (directory: string) => openStore({ directory, ...SIZES, bus: createBus() });

describe('a directory', () => {
  it('is one process at a time: the second is refused, and let in once the first is gone', async () => {
    const directory = await temporaryDirectory();
    const child = await holder(directory);
    await expect(open(directory)).rejects.toMatchObject({
      errorType: 'permission_denied',
      message: expect.stringMatching(new RegExp(`held by process ${child.pid} on .*close that store`)),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    // Its lock is still there, and names nobody who runs.
    expect(await readdir(directory)).toContain('lock');
    const store = await open(directory);
    await store.close();
    expect(await readdir(directory)).not.toContain('lock');
  });

  it('is taken over from a dead process by one only of those who try at once', async () => {
    const directory = await temporaryDirectory();
    const child = await holder(directory);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => open(directory)));
    const opened = tries.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(opened).toHaveLength(1);
    expect((await readdir(directory)).sort()).toEqual(['lock', 'store.json']);
    await opened[0]?.close();
  });

  it('is refused to a second store of the same process, and to one of another host', async () => {
    const { store, directory } = await setup();
    await expect(open(directory)).rejects.toMatchObject({ errorType: 'permission_denied' });
    await store.close();
    const elsewhere = { host: 'another-host', pid: 1, started: '1' };
    await writeFile(join(directory, 'lock'), JSON.stringify(elsewhere));
    await expect(open(directory)).rejects.toThrow(/process 1 on another-host: .*delete .*lock/);
    await writeFile(join(directory, 'lock'), 'not ours');
    await expect(open(directory)).rejects.toThrow(/does not name its holder/);
  });

  it('is cleaned of leftovers, and shows whole blocks only', async () => {
    const first = await setup();
    const { directory } = first;
    await persist(first.store, [1]);
    await first.store.close();
    await writeFile(join(directory, 'n2.block.part'), 'half');
    await writeFile(join(directory, 'n3.block'), 'torn');
    // Of processes that died while they took over from one, and from one that had died while it did.
    await writeFile(join(directory, 'lock.4711-123'), '{"host":"h","pid":1,"started":"1"}');
    await writeFile(join(directory, 'lock.4711-123.1-1'), '');
    await writeFile(join(directory, 'lock.of-the-user'), '');
    await writeFile(join(directory, 'n04.block'), Buffer.alloc(FILE_BYTES));
    await writeFile(join(directory, 'notes.txt'), 'of the user');
    const { store } = await setup({ directory });
    expect(store.lookup([1, 2, 3, 4], { prefix: false }).keys).toEqual([1]);
    expect((await readdir(directory)).sort()).toEqual([
      'lock',
      'lock.of-the-user',
      'n04.block',
      'n1.block',
      'notes.txt',
      'store.json',
    ]);
    await store.load([1]);
    expect(store.bytes(1).equals(contentOf(1))).toBe(true);
  });

  it('with more blocks than L2 holds keeps the newest', async () => {
    const first = await setup();
    for (const key of [1, 2, 3, 4, 5, 6]) await persist(first.store, [key]);
    await first.store.close();
    const { store } = await setup({ directory: first.directory, l2Blocks: 4 });
    expect(store.lookup([1, 2, 3, 4, 5, 6], { prefix: false }).keys).toEqual([3, 4, 5, 6]);
  });

  it('with blocks of another shape is refused, and left as it was', async () => {
    const first = await setup();
    await persist(first.store, [1]);
    await first.store.close();
    const options = {
      directory: first.directory,
      ...SIZES,
      block: { ...BLOCK, layers: 6, shards: 1 },
      bus: createBus(),
    };
    await expect(openStore(options)).rejects.toThrow(
      /holds blocks of .*"layers":3.* this store has .*"layers":6/,
    );
    expect((await readdir(first.directory)).sort()).toEqual(['n1.block', 'store.json']);
  });

  it('that cannot be listed is not locked', async () => {
    const directory = await temporaryDirectory();
    const files = {
      ...nodeBlockFiles,
      list: () => Promise.reject(Object.assign(new Error('EROFS'), { code: 'EROFS' })),
    };
    const options = { directory, ...SIZES, bus: createBus(), files };
    await expect(openStore(options)).rejects.toMatchObject({ errorType: 'permission_denied' });
    expect(await readdir(directory)).toEqual(['store.json']);
  });

  it('that is a file is refused with the reason', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'file'), '');
    await expect(open(join(directory, 'file'))).rejects.toThrow(/opening .*file: /);
  });

  it('holds synced files when asked to', async () => {
    const { store, directory } = await setup({ fsync: true });
    await persist(store, [1]);
    expect((await readFile(join(directory, 'n1.block'))).length).toBe(FILE_BYTES);
  });
});
