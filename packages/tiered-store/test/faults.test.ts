import { copyFile, readdir, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blockFiles, contentOf, FILE_BYTES, persist, put, resident, setup } from './setup.ts';

async function onDiskOnly(keys: readonly number[]) {
  const fixture = await setup();
  await persist(fixture.store, keys);
  await fixture.store.evict(keys, ['l0', 'l1']);
  fixture.log.clear();
  const fileOf = (key: number) => join(fixture.directory, `n${key}.block`);
  return { ...fixture, fileOf };
}

describe('a write that fails', () => {
  it.each([
    ['ENOSPC', 'no_space'],
    ['EACCES', 'permission_denied'],
    ['EROFS', 'permission_denied'],
    ['EIO', 'io_error'],
  ] as const)(
    'with %s is an io error %s; the dump had ended, and the store goes on',
    async (code, errorType) => {
      const { store, log, files, directory } = await setup();
      files.failNext('write', code);
      put(store, [1, 2]);
      await store.dump([1, 2]);
      await store.drain();
      expect(log.of('task.finished')[0]?.errorType).toBeUndefined();
      const failed = log.of('io.finished').filter((io) => io.errorType !== undefined);
      expect(failed).toMatchObject([{ tier: 'l2', direction: 'write', errorType, bytes: 0 }]);
      expect(log.of('io.task.finished')).toMatchObject([{ direction: 'write', errorType }]);
      // The other one is whole, of the failed one nothing is left, and L1 still has both.
      expect(await blockFiles(directory)).toMatchObject([{ bytes: FILE_BYTES }]);
      expect((await readdir(directory)).filter((name) => name.endsWith('.part'))).toEqual([]);
      expect(resident(store)).toEqual({ l0: 2, l1: 2, l2: 1 });
      await store.dump([1, 2]);
      await store.drain();
      expect(resident(store).l2).toBe(2);
    },
  );

  it('in its rename leaves nothing visible either', async () => {
    const { store, files, directory } = await setup();
    files.failNext('rename', 'EIO');
    await persist(store, [1]);
    expect(resident(store).l2).toBe(0);
    expect((await readdir(directory)).sort()).toEqual(['lock', 'store.json']);
  });

  it('for want of room, with a file that cannot be removed, keeps that file resident', async () => {
    const { store, log, files } = await setup({ l2Blocks: 1 });
    await persist(store, [1]);
    files.failNext('remove', 'EACCES');
    log.clear();
    await persist(store, [2]);
    expect(log.of('io.finished')).toMatchObject([{ direction: 'write', errorType: 'permission_denied' }]);
    expect(log.blocks.filter((line) => line.includes(' l2 '))).toEqual([
      'evicted l2 capacity: 1',
      'stored l2 unknown: 1',
    ]);
    await persist(store, [3]);
    await store.evict([1, 3], ['l0', 'l1']);
    expect(store.lookup([3, 1], { prefix: false }).hitsByTier).toEqual({ l0: 0, l1: 0, l2: 1 });
  });
});

describe('a read that fails', () => {
  it.each([
    ['EIO', 'io_error'],
    ['EACCES', 'permission_denied'],
  ] as const)('with %s fails its load with %s, and the block stays', async (code, errorType) => {
    const { store, log, files } = await onDiskOnly([1, 2]);
    files.failNext('read', code);
    await expect(store.load([1, 2])).rejects.toMatchObject({ name: 'StoreError', errorType });
    expect(log.of('task.finished')).toMatchObject([{ operation: 'load', errorType, blocks: 1, bytes: 600 }]);
    expect(log.of('task.finished')[0]?.readyTime).toBeUndefined();
    expect(log.of('transfer.finished')).toMatchObject([{ errorType, blocks: 1, bytes: 600 }]);
    expect(log.of('io.task.finished')).toMatchObject([{ direction: 'read', errorType }]);
    // What arrived stays, held by nobody.
    expect(store.occupancy().tiers).toMatchObject([
      { evictable: 1, pinned: 0 },
      { evictable: 1, pinned: 0 },
      { evictable: 2, pinned: 0 },
    ]);
    await store.load([1, 2]);
    expect(store.bytes(1).equals(contentOf(1))).toBe(true);
  });

  it.each(['short', 'flip'] as const)(
    'its content (%s) is a miss and an io error, never bytes',
    async (fault) => {
      const { store, log, files, directory } = await onDiskOnly([1]);
      files.failNext('read', fault);
      await expect(store.load([1])).rejects.toMatchObject({ errorType: 'corrupt' });
      expect(log.of('io.finished')).toMatchObject([
        { errorType: 'corrupt', bytes: fault === 'short' ? FILE_BYTES / 2 : FILE_BYTES },
      ]);
      expect(log.blocks).toEqual(['evicted l2 deleted: 1']);
      expect(resident(store)).toEqual({ l0: 0, l1: 0, l2: 0 });
      expect(() => store.bytes(1)).toThrow();
      expect(store.lookup([1]).hits).toBe(0);
      await store.close();
      expect(await blockFiles(directory)).toEqual([]);
    },
  );

  it('because its file was cut or overwritten on disk is found by its checksum', async () => {
    const { store, log, fileOf } = await onDiskOnly([1, 2, 3]);
    await truncate(fileOf(1), 10);
    await writeFile(fileOf(2), Buffer.alloc(FILE_BYTES, 1));
    for (const key of [1, 2]) await expect(store.load([key])).rejects.toMatchObject({ errorType: 'corrupt' });
    await store.load([3]);
    expect(log.of('io.finished').map(({ errorType }) => errorType)).toEqual([
      'corrupt',
      'corrupt',
      undefined,
    ]);
  });

  it('because another block stands in its file is found too', async () => {
    const { store, fileOf } = await onDiskOnly([1, 2]);
    await copyFile(fileOf(2), fileOf(1));
    await expect(store.load([1])).rejects.toMatchObject({ errorType: 'corrupt' });
    await store.load([2]);
  });

  it('because its file vanished is not found, and a miss from then on', async () => {
    const { store, log, fileOf } = await onDiskOnly([1]);
    await unlink(fileOf(1));
    await expect(store.load([1])).rejects.toMatchObject({ errorType: 'not_found' });
    await expect(store.load([1])).rejects.toMatchObject({ errorType: 'not_found' });
    expect(log.of('io.finished')).toMatchObject([{ errorType: 'not_found', bytes: 0 }]);
    expect(log.of('task.finished')).toHaveLength(2);
    await persist(store, [1]);
    expect(resident(store).l2).toBe(1);
  });
});

describe('an eviction by the user', () => {
  it('tells which files stay, and removes the others', async () => {
    const { store, log, files } = await onDiskOnly([1, 2]);
    files.failNext('remove', 'EACCES');
    await expect(store.evict([1, 2])).rejects.toMatchObject({ errorType: 'permission_denied' });
    expect(log.blocks).toEqual(['evicted l2 deleted: 1', 'stored l2 unknown: 1', 'evicted l2 deleted: 2']);
    files.failNext('remove', 'EACCES');
    await expect(store.clear()).rejects.toThrow(/1 files could not be removed/);
    expect(resident(store).l2).toBe(1);
    expect(await store.clear(['l2'])).toEqual({ l0: 0, l1: 0, l2: 1 });
  });
});
