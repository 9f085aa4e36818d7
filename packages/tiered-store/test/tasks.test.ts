import { systemClock, type TaskFinished } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES, blockFiles, contentOf, FILE_BYTES, persist, put, resident, setup } from './setup.ts';

const marksOf = (task: TaskFinished) =>
  [
    task.submittedTime,
    task.pickedUpTime,
    task.dispatchedTime,
    task.readyTime,
    task.copiedTime,
    task.handedOffTime,
  ].filter((mark) => mark !== undefined);

describe('a task', () => {
  it('ends with its last mark, and its marks ascend', async () => {
    const { store, log } = await setup();
    await persist(store, [1, 2]);
    await store.evict([1, 2], ['l0', 'l1']);
    await store.load([1, 2]);
    const [dumped, loaded] = log.of('task.finished') as [TaskFinished, TaskFinished];
    for (const task of [dumped, loaded]) {
      const marks = marksOf(task);
      expect(marks).toHaveLength(5);
      expect(marks.every((mark, i) => i === 0 || mark > (marks[i - 1] as number))).toBe(true);
      expect(task.time).toBe(marks.at(-1));
    }
    expect(dumped.readyTime).toBeUndefined();
    expect(loaded.handedOffTime).toBeUndefined();
    expect(log.of('transfer.finished')).toMatchObject([
      { from: 'l0', to: 'l1', blocks: 2, bytes: 2 * BLOCK_BYTES, startTime: dumped.submittedTime },
      { from: 'l1', to: 'l0', blocks: 2, bytes: 2 * BLOCK_BYTES, startTime: loaded.submittedTime },
    ]);
    expect(log.of('shard.waited')).toHaveLength(12);
    expect(log.of('io.task.finished').map(({ direction }) => direction)).toEqual(['write', 'read']);
  });

  it('has its io calls told while another of them hangs', async () => {
    const { store, bus, log, files } = await setup({ ioConcurrency: 1 });
    await persist(store, [1, 2]);
    await store.evict([1, 2], ['l0', 'l1']);
    const releaseFirst = files.hold('read');
    const loaded = store.load([1, 2]);
    await files.until(() => files.calls.read === 1);
    const told = new Promise((resolve) => {
      bus.subscribe('io.finished', 'test', (event) => event.direction === 'read' && resolve(event));
    });
    releaseFirst();
    const releaseSecond = files.hold('read');
    expect(await told).toMatchObject({ direction: 'read', bytes: FILE_BYTES });
    expect([log.of('io.finished').length - 2, log.of('io.task.finished').length]).toEqual([1, 1]);
    releaseSecond();
    await loaded;
    expect([log.of('io.finished').length - 2, log.of('io.task.finished').length]).toEqual([2, 2]);
  });

  it('with nothing to move is told with all its shards skipped, and moved nothing', async () => {
    const { store, log } = await setup();
    await persist(store, [1, 2]);
    log.clear();
    await store.load([1, 2, 1]);
    await store.dump([1, 2]);
    await store.load([]);
    await store.dump([]);
    const skipped = (shards: number) => ({
      shards: { cache: 0, backend: 0, shared: 0, skipped: shards },
      bytes: 0,
    });
    expect(log.of('task.finished')).toMatchObject([skipped(12), skipped(12), skipped(0), skipped(0)]);
    expect(log.of('task.finished').map((task) => marksOf(task).length)).toEqual([5, 5, 5, 5]);
    expect(log.of('transfer.finished')).toEqual([]);
    expect(log.blocks).toEqual(['accessed l0 request: 1 2']);
  });

  it('tells a dump of what is in L1 but not in L2 as cache, and only hands it off', async () => {
    const { store, log, files } = await setup();
    files.failNext('write', 'ENOSPC');
    await persist(store, [1]);
    log.clear();
    expect(await store.dump([1])).toMatchObject({ shards: { cache: 6, skipped: 0 }, blocks: 0, bytes: 0 });
    await store.drain();
    expect(log.of('io.finished')).toMatchObject([{ direction: 'write', bytes: FILE_BYTES }]);
    expect(store.lookup([1]).hits).toBe(1);
    expect(resident(store).l2).toBe(1);
  });

  it('that finds the waiting places taken fails loudly and at once', async () => {
    const { store, log, files } = await setup({ maxRunningTasks: 1, maxWaitingTasks: 1 });
    await persist(store, [1, 2, 3]);
    await store.evict([1, 2, 3], ['l0', 'l1']);
    log.clear();
    const release = files.hold('read');
    const first = store.load([1]);
    await files.until(() => files.calls.read === 1);
    const second = store.load([2]);
    await expect(store.load([3])).rejects.toMatchObject({
      errorType: 'queue_full',
      message: expect.stringContaining('allowed: at most 1'),
    });
    release();
    await Promise.all([first, second]);
    expect(log.of('task.finished').map(({ errorType, shards }) => [errorType, shards.skipped])).toEqual([
      ['queue_full', 6],
      [undefined, 0],
      [undefined, 0],
    ]);
    // Nothing was attempted for the one that was turned away.
    expect(log.of('transfer.finished')).toHaveLength(2);
  });

  it('larger than L1 works in steps', async () => {
    const { store, log } = await setup({ l0Blocks: 12, l1Blocks: 5 });
    const keys = Array.from({ length: 12 }, (_, i) => i);
    await persist(store, keys);
    await store.evict(keys, ['l0', 'l1']);
    await store.load(keys);
    for (const key of keys) expect(store.bytes(key).equals(contentOf(key))).toBe(true);
    const loaded = log.of('task.finished').at(-1) as TaskFinished;
    expect(loaded).toMatchObject({ blocks: 12, shards: { backend: 72, skipped: 0 } });
    expect(marksOf(loaded)).toHaveLength(5);
  });
});

describe('loads of one missing block', () => {
  it('share one read, into L0 and into L1', async () => {
    const { store, log, files } = await setup({ l0Blocks: 8 });
    await persist(store, [1]);
    await store.evict([1], ['l0', 'l1']);
    log.clear();
    const release = files.hold('read');
    const loads = [store.load([1]), store.load([1]), store.load([1])];
    await files.until(() => files.calls.read === 1);
    release();
    const summaries = await Promise.all(loads);
    expect(files.calls.read).toBe(1);
    expect(summaries.map(({ shards }) => [shards.backend, shards.shared])).toEqual([
      [6, 0],
      [0, 6],
      [0, 6],
    ]);
    expect(log.of('shard.waited')).toHaveLength(18);
    expect(log.blocks.filter((line) => line.startsWith('accessed'))).toEqual([
      'accessed l2 request: 1',
      'accessed l0 request: 1',
      'accessed l0 request: 1',
    ]);
    store.release([1]);
    store.release([1]);
    expect(store.bytes(1).equals(contentOf(1))).toBe(true);
  });

  it('share its failure too', async () => {
    const { store, files } = await setup();
    await persist(store, [1]);
    await store.evict([1], ['l0', 'l1']);
    files.failNext('read', 'EIO');
    const loads = await Promise.allSettled([store.load([1]), store.load([1])]);
    expect(loads).toMatchObject([
      { reason: { errorType: 'io_error' } },
      { reason: { errorType: 'io_error' } },
    ]);
    expect(resident(store)).toEqual({ l0: 0, l1: 0, l2: 1 });
    await store.load([1]);
  });
});

describe('bounds', () => {
  it('writes through an L2 that is smaller than the io concurrency', async () => {
    const { store, log, directory } = await setup({ l2Blocks: 1 });
    await persist(store, [1, 2, 3, 4, 5, 6]);
    expect(log.of('io.finished').map(({ errorType }) => errorType)).toEqual(Array(6).fill(undefined));
    expect(await blockFiles(directory)).toHaveLength(1);
    expect(resident(store).l2).toBe(1);
  });

  it('keeps io calls to the concurrency', async () => {
    const { store, files } = await setup({ ioConcurrency: 2 });
    await persist(store, [1, 2, 3, 4, 5, 6]);
    await store.evict([1, 2, 3, 4, 5, 6], ['l0', 'l1']);
    await store.load([1, 2, 3, 4, 5, 6]);
    expect(files.mostRunning).toBe(2);
  });

  it('makes a dump wait in its hand-off while the write-behind queue is full', async () => {
    const { store, log, files } = await setup({ maxQueuedWrites: 2 });
    put(store, [1, 2, 3]);
    const release = files.hold('write');
    const dumped = store.dump([1, 2, 3]);
    await files.until(() => files.calls.write === 2);
    expect(log.of('task.finished')).toEqual([]);
    expect(store.occupancy().tiers[1]).toMatchObject({ tier: 'l1', pinned: 3, evictable: 0 });
    expect(store.occupancy().transfers).toContainEqual({ from: 'l0', to: 'l1', active: 1 });
    release();
    await dumped;
    const [task] = log.of('task.finished') as [TaskFinished];
    const firstWrite = log.of('io.finished')[0];
    expect(task.handedOffTime).toBeGreaterThan(firstWrite?.time as number);
    expect(task.copiedTime).toBeLessThan(firstWrite?.time as number);
  });

  it('makes a dump wait for slots of L1 that are still to be written, and then gives up', async () => {
    const { store, log, files } = await setup({ l1Blocks: 1, roomTimeoutMs: 1 });
    put(store, [1, 2]);
    const release = files.hold('write');
    await store.dump([1]);
    await expect(store.dump([2])).rejects.toMatchObject({ errorType: 'timeout' });
    release();
    await store.drain();
    await store.dump([2]);
    const [, failed] = log.of('task.finished');
    expect(failed).toMatchObject({ errorType: 'timeout', shards: { skipped: 6 }, bytes: 0 });
    expect(failed?.dispatchedTime).toBeUndefined();
    expect(log.of('transfer.finished').map(({ errorType }) => errorType)).toEqual([
      undefined,
      'timeout',
      undefined,
    ]);
  });

  it('refuses to load what L0 has no room for, and holds nothing of it', async () => {
    const { store } = await setup({ l0Blocks: 2 });
    await persist(store, [1]);
    await persist(store, [2]);
    await persist(store, [3]);
    await expect(store.load([1, 2, 3])).rejects.toMatchObject({ errorType: 'no_space' });
    expect(store.occupancy().tiers[0]).toMatchObject({ pinned: 0, evictable: 2 });
    await store.load([1, 2]);
  });

  it('turns waiting tasks away when it closes', async () => {
    const { store, files } = await setup({ maxRunningTasks: 1 });
    await persist(store, [1, 2]);
    await store.evict([1, 2], ['l0', 'l1']);
    const release = files.hold('read');
    const tasks = [store.load([1]), store.load([2])];
    await files.until(() => files.calls.read === 1);
    const closed = store.close();
    release();
    expect(await Promise.allSettled(tasks)).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { errorType: 'aborted' } },
    ]);
    await closed;
  });
});

describe('recorded times', () => {
  it('are above zero and below the wall time around them', async () => {
    const before = systemClock.now();
    const { store, log } = await setup({
      delays: { queueMs: 1, readMs: 1, writeMs: 1, copyMs: 1, handoffMs: 1 },
    });
    await persist(store, [1, 2, 3]);
    await store.evict([1, 2, 3], ['l0', 'l1']);
    store.lookup([1]);
    await store.load([1, 2, 3]);
    const batch = await store.startBatch({ load: [1], save: [4] });
    for (let layer = 0; layer < 3; layer++) {
      await batch.waitLayer(layer);
      batch.saveLayer(layer);
    }
    await batch.finishBatch();
    await store.drain();
    const wall = systemClock.now() - before;
    const timed = log.all.filter(({ event }) => 'startTime' in event || 'submittedTime' in event);
    expect(timed.length).toBeGreaterThan(50);
    for (const { event } of timed) {
      const from =
        'startTime' in event ? event.startTime : 'submittedTime' in event ? event.submittedTime : undefined;
      const took = event.time - (from as number);
      expect(took).toBeGreaterThan(0);
      expect(took).toBeLessThan(wall);
    }
    for (const task of log.of('task.finished')) {
      const marks = marksOf(task);
      const stages = marks.slice(1).map((mark, i) => mark - (marks[i] as number));
      expect(Math.min(...stages)).toBeGreaterThan(0);
      const sum = stages.reduce((total, stage) => total + stage, 0);
      expect(sum).toBeCloseTo(task.time - task.submittedTime, 6);
    }
  });
});

describe('a delay', () => {
  const DELAY_MS = 12;
  const interval = (from: number | undefined, to: number | undefined) => (to as number) - (from as number);

  it.each([
    ['queueMs', 'load', (task: TaskFinished) => interval(task.submittedTime, task.pickedUpTime)],
    ['readMs', 'load', (task: TaskFinished) => interval(task.dispatchedTime, task.readyTime)],
    ['copyMs', 'load', (task: TaskFinished) => interval(task.readyTime, task.copiedTime)],
    ['queueMs', 'dump', (task: TaskFinished) => interval(task.submittedTime, task.pickedUpTime)],
    ['copyMs', 'dump', (task: TaskFinished) => interval(task.dispatchedTime, task.copiedTime)],
    ['handoffMs', 'dump', (task: TaskFinished) => interval(task.copiedTime, task.handedOffTime)],
  ] as const)('%s shows in its own stage of a %s', async (delay, operation, stage) => {
    const { store, log } = await setup({ delays: { [delay]: DELAY_MS } });
    await persist(store, [1]);
    await store.evict([1], ['l0', 'l1']);
    await store.load([1]);
    const task = log.of('task.finished').find((finished) => finished.operation === operation) as TaskFinished;
    expect(stage(task)).toBeGreaterThanOrEqual(DELAY_MS - 0.1);
  });

  it('of reads or writes shows in their io', async () => {
    const { store, log } = await setup({ delays: { readMs: DELAY_MS, writeMs: DELAY_MS } });
    await persist(store, [1]);
    await store.evict([1], ['l0', 'l1']);
    await store.load([1]);
    expect(log.of('io.finished')).toHaveLength(2);
    for (const io of log.of('io.finished')) {
      expect(interval(io.startTime, io.time)).toBeGreaterThanOrEqual(DELAY_MS - 0.1);
    }
  });
});
