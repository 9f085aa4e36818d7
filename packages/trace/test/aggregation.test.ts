import { describe, expect, it } from 'vitest';
import { dump, load, traced } from './setup.ts';

describe('tasks', () => {
  it('has each stage of a load and of a dump, and end to end', () => {
    const { bus, source, drain } = traced();
    bus.publish('task.finished', load(source, 1_000_100));
    bus.publish('task.finished', dump(source, 1_000_200));
    drain.pass();
    const { tasks } = drain.state();
    const sums = (operation: 'load' | 'dump') =>
      Object.entries(tasks[operation].stages).map(([name, { count, sum }]) => [name, count, sum]);
    expect(sums('load')).toEqual([
      ['queue', 1, 1],
      ['dispatch', 1, 2],
      ['wait', 1, 7],
      ['copy', 1, 10],
      ['handoff', 0, 0],
    ]);
    expect(sums('dump')).toEqual([
      ['queue', 1, 1],
      ['dispatch', 1, 2],
      ['wait', 0, 0],
      ['copy', 1, 7],
      ['handoff', 1, 10],
    ]);
    expect([tasks.load.whole.sum, tasks.dump.whole.sum]).toEqual([20, 20]);
    expect([tasks.load.blocks, tasks.load.bytes]).toEqual([3, 4096]);
  });

  it('keeps failed ones apart, with the stages that they reached', () => {
    const { bus, source, drain } = traced();
    const { dispatchedTime: _, readyTime: __, copiedTime: ___, ...reached } = load(source, 1_000_100);
    bus.publish('task.finished', { ...reached, errorType: 'timeout' });
    drain.pass();
    const { load: loads } = drain.state().tasks;
    expect([loads.whole.count, loads.failed.count, loads.failed.sum]).toEqual([0, 1, 20]);
    expect([loads.stages.queue.count, loads.stages.dispatch.count, loads.marked.count]).toEqual([1, 0, 0]);
    expect(loads.blocks).toBe(0);
  });

  it('counts an interval below 0 as 0, says so, and keeps the shares a partition', () => {
    const { bus, source, drain } = traced();
    bus.publish('task.finished', load(source, 1_000_100, { pickedUpTime: 1_000_070 }));
    drain.pass();
    const { tasks, negative } = drain.state();
    const { shares, marked, stages } = tasks.load;
    expect(negative).toBe(1);
    expect(stages.queue).toMatchObject({ count: 1, sum: 0 });
    expect(Object.values(shares).reduce((a, b) => a + b)).toBe(marked.sum);
  });
});

describe('other records', () => {
  it('has lookups, stores, evictions and reads by tier', () => {
    const { bus, source, drain } = traced();
    const at = { source, time: 1_000_001 };
    bus.publish('lookup.finished', { ...at, tier: 'l1', startTime: 1_000_000, blocks: 10, hits: 7 });
    bus.publish('block.stored', { ...at, tier: 'l0', keys: [1, 2, 3], cause: 'computed' });
    bus.publish('block.evicted', { ...at, tier: 'l2', keys: [1, 2], reason: 'capacity' });
    bus.publish('block.accessed', { ...at, tier: 'l0', keys: [9], by: 'request' });
    drain.pass();
    const { tiers, events } = drain.state();
    expect(events).toBe(4);
    expect(tiers.l1).toMatchObject({ lookups: 1, asked: 10, hits: 7 });
    expect([tiers.l0.stored, tiers.l0.accessed, tiers.l2.evicted]).toEqual([3, 1, 2]);
  });

  it('has io by tier and direction, with the time it was queued and its failures', () => {
    const { bus, source, drain } = traced();
    const io = {
      source,
      time: 1_000_010,
      tier: 'l2',
      direction: 'write',
      startTime: 1_000_004,
      bytes: 100,
    } as const;
    bus.publish('io.finished', { ...io, submittedTime: 1_000_001 });
    bus.publish('io.finished', { ...io, errorType: 'io_error' });
    drain.pass();
    const { write, read } = drain.state().tiers.l2.io;
    expect(write).toMatchObject({
      bytes: 100,
      errors: 1,
      calls: { count: 2, sum: 12 },
      queue: { count: 1, sum: 3 },
    });
    expect(read.calls.count).toBe(0);
  });

  it('has bytes moved towards l0 and away from it', () => {
    const { bus, source, drain } = traced();
    const moved = { source, startTime: 1_000_000, time: 1_000_001, blocks: 1 };
    bus.publish('transfer.finished', { ...moved, from: 'l1', to: 'l0', bytes: 5 });
    bus.publish('transfer.finished', { ...moved, from: 'l0', to: 'l2', bytes: 7 });
    bus.publish('transfer.finished', { ...moved, from: 'l0', to: 'l0', bytes: 11 });
    drain.pass();
    expect(drain.state().moved).toEqual({ load: 5, dump: 7 });
  });

  it('has waits and loads of layers, and the overlap of a batch', () => {
    const { bus, source, drain } = traced();
    const layer = { source, batch: 'b', startTime: 1_000_000 };
    bus.publish('layer.loaded', { ...layer, layer: 0, first: true, time: 1_000_010 });
    bus.publish('layer.waited', {
      ...layer,
      layer: 0,
      first: true,
      time: 1_000_004,
      operation: 'load',
      tasks: 1,
    });
    bus.publish('layer.waited', {
      ...layer,
      layer: 1,
      first: false,
      time: 1_000_000.5,
      operation: 'load',
      tasks: 1,
    });
    bus.publish('layer.loaded', { ...layer, layer: 1, first: false, time: 1_000_002.5 });
    bus.publish('batch.finished', { source, batch: 'b', time: 1_000_020, saveTailStartTime: 1_000_017 });
    drain.pass();
    const { layers } = drain.state();
    // Of 10 + 2.5 ms of loading, 4 + 0.5 were waited for.
    expect(layers.overlapped).toEqual({ count: 1, sum: 1 - 4.5 / 12.5 });
    expect([layers.batches, layers.saveTail.sum, layers.stalls]).toEqual([1, 3, { first: 1, rest: 0 }]);
    expect([layers.waits.rest.sum, layers.loads.first.sum]).toEqual([0.5, 10]);
  });

  it('gives up batches that do not end within a minute, and those past 4,096, and counts them', () => {
    const { bus, clock, source, drain } = traced();
    for (let batch = 0; batch < 4100; batch++) {
      bus.publish('layer.loaded', {
        source,
        batch,
        layer: 0,
        first: true,
        startTime: 1_000_000,
        time: 1_000_001,
      });
      drain.pass();
    }
    expect(drain.state().layers.orphans).toBe(4);
    clock.advance(60_000);
    drain.tick();
    expect(drain.state().layers.orphans).toBe(4100);
  });

  it('counts a record whose time is none, and goes on', () => {
    const { bus, source, drain } = traced();
    bus.publish('task.finished', load(source, Number.NaN));
    bus.publish('io.finished', {
      source,
      time: 5,
      tier: 'l2',
      direction: 'read',
      startTime: Number.NaN,
      bytes: 1,
    });
    bus.publish('task.finished', load(source, 1_000_100));
    drain.pass();
    expect(drain.state()).toMatchObject({
      malformed: 2,
      events: 1,
      tasks: { load: { whole: { count: 1 } } },
    });
  });
});

describe('a window', () => {
  it('begins from nothing, and ends, by the time of events and not by their arrival', () => {
    const { bus, source, drain } = traced();
    const finished = (time: number) => bus.publish('task.finished', load(source, time));
    finished(1_000_100);
    drain.pass();
    expect(drain.state().events).toBe(1);
    bus.publish('window.started', { source, window: 'warm', time: 1_001_000 });
    finished(1_000_999);
    finished(1_001_000);
    drain.pass();
    expect(drain.state()).toMatchObject({
      events: 1,
      outside: 1,
      window: { name: 'warm', startTime: 1_001_000 },
    });
    bus.publish('window.finished', { source, window: 'warm', time: 1_002_000 });
    finished(1_002_001);
    drain.pass();
    // What comes late but was in time still counts.
    finished(1_001_999);
    drain.pass();
    expect(drain.state()).toMatchObject({ events: 2, outside: 2, window: { endTime: 1_002_000 } });
  });
});

describe('sampling', () => {
  it('scales counts to what was left out, and takes layers of a batch together', () => {
    const { bus, source, drain, control } = traced();
    control.shift = 2;
    const layer = { source, startTime: 1_000_000, time: 1_000_001, first: false };
    for (let batch = 0; batch < 40; batch++) {
      for (let i = 0; i < 10; i++) bus.publish('layer.loaded', { ...layer, batch, layer: i });
      bus.publish('batch.finished', { source, batch, time: 1_000_002 });
    }
    drain.pass();
    const { layers, events, sampled, producers } = drain.state();
    const delivered = producers[0]?.delivered as number;
    // A batch is 11 records, and each record that is there stands for four.
    expect(delivered % 11).toBe(0);
    expect(sampled).toBe(true);
    expect(events).toBe(4 * delivered);
    expect(layers.loads.rest.count).toBe((4 * delivered * 10) / 11);
    expect(layers.overlapped.count).toBe(layers.batches);
  });
});
