import { describe, expect, it } from 'vitest';
import { type Setup, setup, where } from './setup.ts';

const FIRST = where({ 'layer.position': 'first' });
const REST = where({ 'layer.position': 'rest' });
const LOAD = where({ 'operation.name': 'load' });
const SAVE = where({ 'operation.name': 'save' });
const of = ({ recorder }: Setup, name: string, attributes = {}) =>
  recorder.values(`kv_cache.layer.${name}`, attributes);

/** Three layers, submitted at 0, 10 and 20 ms, the last of which is late. */
function threeLayers({ submitted, loaded, waited, finished }: ReturnType<Setup['batchOf']>) {
  submitted(0, 0, 0.5, 'load', 4);
  waited(0, 0, 8, 'load', 4);
  loaded(0, 0, 8);
  submitted(1, 10, 10.25);
  waited(1, 10, 14);
  loaded(1, 10, 14);
  submitted(2, 20, 20.25);
  waited(2, 24, 32);
  loaded(2, 20, 32);
  finished(40);
}

describe('a batch of three layers', () => {
  const batch = setup();
  threeLayers(batch);

  it('keeps the first layer apart, since it has nothing to hide behind', () => {
    expect(of(batch, 'load.duration', FIRST)).toEqual([0.008]);
    expect(of(batch, 'load.duration', REST)).toEqual([0.004, 0.012]);
    expect(of(batch, 'wait.duration', { ...FIRST, ...LOAD })).toEqual([0.008]);
    expect(of(batch, 'wait.duration', { ...REST, ...LOAD })).toEqual([0.004, 0.008]);
  });

  it('hid what was not waited for: 1 - 20/24', () => {
    expect(of(batch, 'overlap')).toEqual([1 - 20 / 24]);
  });

  it('has an interval between each two waits', () => {
    expect(of(batch, 'interval.duration')).toEqual([0.002, 0.01]);
  });

  it('stalled where it waited for more than the threshold', () => {
    expect(batch.recorder.sum('kv_cache.layer.stalls', FIRST)).toBe(1);
    expect(batch.recorder.sum('kv_cache.layer.stalls', REST)).toBe(2);
  });

  it('tells of its submits, of the requests of its first one, and of the tasks it waited for', () => {
    expect(of(batch, 'submit.duration', { ...FIRST, ...LOAD })).toEqual([0.0005]);
    expect(of(batch, 'submit.duration', { ...REST, ...LOAD })).toEqual([0.00025, 0.00025]);
    expect(of(batch, 'first.requests')).toEqual([4]);
    expect(of(batch, 'wait.tasks', LOAD)).toEqual([4, 1, 1]);
    expect(of(batch, 'save_tail.duration')).toEqual([]);
  });
});

describe('saves', () => {
  it('are waited for apart from loads: no stall, no interval, no overlap', () => {
    const batch = setup();
    batch.submitted(0, 0, 1, 'save', 4);
    batch.waited(0, 10, 30, 'save', 2);
    batch.waited(1, 40, 50, 'save');
    batch.finished(60);
    expect(of(batch, 'wait.duration', { ...FIRST, ...SAVE })).toEqual([0.02]);
    expect(of(batch, 'wait.tasks', SAVE)).toEqual([2, 1]);
    expect(of(batch, 'submit.duration', SAVE)).toEqual([0.001]);
    for (const name of ['stalls', 'interval.duration', 'overlap', 'first.requests', 'save_tail.duration']) {
      expect(of(batch, name)).toEqual([]);
    }
  });

  it('have a tail from the end of compute to the last one waited for', () => {
    const batch = setup();
    batch.waited(1, 100, 130, 'save');
    batch.waited(0, 100, 105, 'save');
    batch.finished(131, 100);
    expect(of(batch, 'save_tail.duration')).toEqual([0.03]);
  });

  it('have a tail of 0 when all of them were waited for before compute ended', () => {
    const batch = setup();
    batch.waited(0, 10, 30, 'save');
    batch.finished(50, 40);
    expect(of(batch, 'save_tail.duration')).toEqual([0]);
  });

  it('have no tail in a batch that waited for none', () => {
    const batch = setup();
    threeLayers({
      ...batch.batchOf(2),
      finished: (time: number) => batch.batchOf(2).finished(time, time - 1),
    });
    expect(of(batch, 'save_tail.duration')).toEqual([]);
    expect(of(batch, 'overlap')).toHaveLength(1);
  });
});

describe('overlap', () => {
  it('is 1 when nothing was waited for, and never below 0', () => {
    const batch = setup();
    const [hidden, serial] = [batch.batchOf('hidden'), batch.batchOf('serial')];
    hidden.loaded(0, 0, 10);
    hidden.waited(0, 10, 10);
    hidden.finished(20);
    serial.loaded(0, 0, 10);
    serial.waited(0, 0, 25);
    serial.finished(30);
    expect(of(batch, 'overlap')).toEqual([1, 0]);
  });

  it('is not told of a batch without a load time', () => {
    const batch = setup();
    batch.waited(0, 0, 5);
    batch.finished(6);
    expect(of(batch, 'overlap')).toEqual([]);
  });
});

describe('tolerates', () => {
  it('a layer that is waited for twice', () => {
    const batch = setup();
    batch.loaded(0, 0, 10);
    batch.waited(0, 0, 10);
    batch.waited(0, 12, 12);
    batch.finished(20);
    expect(of(batch, 'wait.duration')).toEqual([0.01, 0]);
    expect(of(batch, 'interval.duration')).toEqual([0.002]);
    expect(of(batch, 'overlap')).toEqual([0]);
  });

  it('layers out of order, and waits that overlap', () => {
    const batch = setup();
    batch.waited(2, 10, 14);
    batch.waited(0, 0, 8);
    batch.waited(1, 13, 20);
    batch.waited(3, 21, 22);
    for (const layer of [3, 1, 0, 2]) batch.loaded(layer, 0, 10);
    batch.finished(30);
    expect(of(batch, 'interval.duration')).toEqual([0.001]);
    expect(of(batch, 'overlap')).toEqual([1 - 20 / 40]);
    expect(batch.bus.failures.size).toBe(0);
  });

  it('several batches at once, also under one id from several sources', () => {
    const batch = setup();
    const other = setup();
    const source = other.source;
    const [a, b, c] = [batch.batchOf(1), batch.batchOf('1'), batch.batchOf(1, source)];
    for (const [i, one] of [a, b, c].entries()) one.waited(0, 10 * i, 10 * i + 2);
    for (const one of [c, b, a]) one.loaded(0, 0, 8);
    for (const [i, one] of [a, b, c].entries()) one.waited(1, 100 + i, 100 + i);
    for (const one of [a, b, c]) one.finished(200);
    expect(of(batch, 'overlap')).toEqual([0.75, 0.75, 0.75]);
    expect(of(batch, 'interval.duration')).toEqual([0.098, 0.089, 0.08]);
  });

  it('a batch that finishes twice, and events of it that come late', () => {
    const batch = setup();
    threeLayers(batch);
    batch.finished(41);
    batch.loaded(2, 20, 45);
    batch.clock.moveTo(200_000);
    expect(of(batch, 'overlap')).toHaveLength(1);
    expect(of(batch, 'load.duration')).toHaveLength(4);
    expect(of(batch, 'batches_abandoned')).toEqual([]);
  });

  it('an id that is used again', () => {
    const batch = setup();
    threeLayers(batch);
    batch.loaded(0, 40, 50);
    batch.waited(0, 45, 50);
    batch.finished(60);
    expect(of(batch, 'overlap')).toEqual([1 - 20 / 24, 0.5]);
    expect(of(batch, 'interval.duration')).toHaveLength(2);
  });

  it('a batch of which nothing else is known', () => {
    const batch = setup();
    batch.finished(10, 5);
    expect(batch.recorder.measurements).toEqual([]);
  });
});
