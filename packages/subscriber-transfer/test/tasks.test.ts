import { describe, expect, it } from 'vitest';
import { type Setup, setup, where } from './setup.ts';

const STAGES = ['queue', 'dispatch', 'wait', 'copy', 'handoff'] as const;

/** Each stage's values, in ms. */
function stages({ recorder }: Setup) {
  return Object.fromEntries(
    STAGES.map((stage) => [
      stage,
      recorder.values(`kv_cache.task.${stage}.duration`).map((seconds) => seconds * 1000),
    ]),
  );
}

describe('the stages of a task', () => {
  it('of a load: queue, dispatch, wait, copy', () => {
    const cache = setup();
    cache.task({
      operation: 'load',
      pickedUpTime: 1,
      dispatchedTime: 3,
      readyTime: 9,
      copiedTime: 10,
      time: 10,
    });
    expect(stages(cache)).toEqual({ queue: [1], dispatch: [2], wait: [6], copy: [1], handoff: [] });
    expect(cache.recorder.values('kv_cache.task.duration')).toEqual([0.01]);
    expect(cache.recorder.values('kv_cache.task.bandwidth')).toEqual([100_000]);
    for (const stage of STAGES.slice(0, 4)) {
      const load = where({ 'operation.name': 'load' });
      expect(cache.recorder.values(`kv_cache.task.${stage}.duration`, load)).toHaveLength(1);
    }
  });

  it('of a dump: queue, dispatch, copy, hand-off', () => {
    const cache = setup();
    cache.task({
      operation: 'dump',
      pickedUpTime: 2,
      dispatchedTime: 3,
      copiedTime: 7,
      handedOffTime: 8,
      time: 8,
    });
    expect(stages(cache)).toEqual({ queue: [2], dispatch: [1], wait: [], copy: [4], handoff: [1] });
    expect(cache.recorder.values('kv_cache.task.duration')).toEqual([0.008]);
  });

  it('of a load that failed after its dispatch: what it got through, and its duration with the error', () => {
    const cache = setup();
    cache.task({ operation: 'load', pickedUpTime: 1, dispatchedTime: 3, time: 5000, errorType: 'timeout' });
    expect(stages(cache)).toEqual({ queue: [1], dispatch: [2], wait: [], copy: [], handoff: [] });
    expect(cache.recorder.measurements.filter(({ name }) => name === 'kv_cache.task.duration')).toEqual([
      {
        name: 'kv_cache.task.duration',
        value: 5,
        attributes: { 'kv_cache.operation.name': 'load', 'error.type': 'timeout' },
      },
    ]);
    expect(cache.recorder.values('kv_cache.task.bandwidth')).toEqual([]);
  });

  it('of a task that was never picked up: none', () => {
    const cache = setup();
    cache.task({ operation: 'dump', time: 4, errorType: 'queue_full' });
    expect(stages(cache)).toEqual({ queue: [], dispatch: [], wait: [], copy: [], handoff: [] });
    expect(cache.recorder.values('kv_cache.task.duration')).toEqual([0.004]);
  });

  it('where a mark in the middle is missing: only those with both their marks', () => {
    const cache = setup();
    cache.task({ operation: 'load', pickedUpTime: 1, readyTime: 9, copiedTime: 10, time: 10 });
    expect(stages(cache)).toEqual({ queue: [1], dispatch: [], wait: [], copy: [1], handoff: [] });
  });

  it('of the other operation are not looked at', () => {
    const cache = setup();
    const marks = {
      pickedUpTime: 1,
      dispatchedTime: 2,
      readyTime: 3,
      copiedTime: 4,
      handedOffTime: 5,
      time: 5,
    };
    cache.task({ operation: 'load', ...marks });
    cache.task({ operation: 'dump', ...marks });
    expect(stages(cache)).toEqual({ queue: [1, 1], dispatch: [1, 1], wait: [1], copy: [1, 2], handoff: [1] });
  });
});

describe('a task', () => {
  it.each([
    ['without bytes', { bytes: 0, time: 10 }],
    ['within a microsecond', { bytes: 10, time: 0.0005 }],
  ])('%s has no bandwidth', (_, rest) => {
    const { recorder, task } = setup();
    task({ operation: 'load', ...rest });
    expect(recorder.values('kv_cache.task.bandwidth')).toEqual([]);
    expect(recorder.values('kv_cache.task.duration')).toHaveLength(1);
  });

  it.each([
    ['picked up before it was submitted', { submittedTime: 5, pickedUpTime: 4, time: 9 }],
    ['ready before its dispatch', { dispatchedTime: 4, readyTime: 3, time: 9 }],
    ['ready before it was picked up', { pickedUpTime: 4, readyTime: 3, time: 9 }],
    ['over before its last mark', { copiedTime: 10, time: 9 }],
    ['submitted at no time', { submittedTime: Number.NaN, time: 9 }],
    ['dispatched at no time', { dispatchedTime: Number.NaN, time: 9 }],
    ['never over', { time: Number.POSITIVE_INFINITY }],
    ['of negative size', { bytes: -1, time: 9 }],
  ])('%s is counted as a failure and nowhere else', (_, rest) => {
    const { bus, recorder, task } = setup();
    task({ operation: 'load', ...rest });
    expect(recorder.measurements).toEqual([]);
    expect(bus.failures.get('transfer')).toBe(1);
  });
});

describe('shards', () => {
  it('wait side by side: one value each, never added up', () => {
    const { bus, source, recorder } = setup();
    bus.publish('shard.waited', { source, startTime: 0, time: 5 });
    bus.publish('shard.waited', { source, startTime: 0, time: 8 });
    bus.publish('shard.waited', { source, startTime: 9, time: 8 });
    expect(recorder.values('kv_cache.shard.wait.duration')).toEqual([0.005, 0.008]);
    expect(bus.failures.get('transfer')).toBe(1);
  });
});
