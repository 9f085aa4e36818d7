import { describe, expect, it } from 'vitest';
import { setup, where } from './setup.ts';

const READ = where({ tier: 'l2', 'io.direction': 'read' });

describe('an io call', () => {
  it('has its duration, its bandwidth and, where there is a queue, its time in it', () => {
    const { recorder, io } = setup();
    io({ submittedTime: 2, startTime: 5, time: 9 });
    io({ startTime: 5, time: 7 });
    expect(recorder.values('kv_cache.io.duration', READ)).toEqual([0.004, 0.002]);
    expect(recorder.values('kv_cache.io.queue.duration', READ)).toEqual([0.003]);
    expect(recorder.values('kv_cache.io.bandwidth', READ)).toEqual([1_024_000, 2_048_000]);
  });

  it('that failed has its durations, with the error, and no bandwidth', () => {
    const { recorder, io } = setup();
    io({ direction: 'write', submittedTime: 0, startTime: 5, time: 6, errorType: 'no_space' });
    const write = where({ tier: 'l2', 'io.direction': 'write' });
    expect(recorder.measurements).toEqual([
      { name: 'kv_cache.io.duration', value: 0.001, attributes: { ...write, 'error.type': 'no_space' } },
      { name: 'kv_cache.io.queue.duration', value: 0.005, attributes: write },
    ]);
  });

  it.each([
    ['without bytes', { bytes: 0, startTime: 5, time: 9 }],
    ['within a microsecond', { startTime: 5, time: 5.0005 }],
  ])('%s has no bandwidth', (_, rest) => {
    const { recorder, io } = setup();
    io(rest);
    expect(recorder.values('kv_cache.io.bandwidth')).toEqual([]);
    expect(recorder.values('kv_cache.io.duration')).toHaveLength(1);
  });

  it.each([
    ['over before it began', { startTime: 5, time: 4 }],
    ['begun before it was submitted', { submittedTime: 6, startTime: 5, time: 9 }],
    ['of a size that is no number', { bytes: Number.NaN, startTime: 5, time: 9 }],
  ])('%s is counted as a failure and nowhere else', (_, rest) => {
    const { bus, recorder, io } = setup();
    io(rest);
    expect(recorder.measurements).toEqual([]);
    expect(bus.failures.get('transfer')).toBe(1);
  });
});

describe('a task of the lower tier', () => {
  it('has a duration, with the error when it failed', () => {
    const { bus, source, recorder } = setup();
    const at = { source, tier: 'l2', direction: 'write', startTime: 0 } as const;
    bus.publish('io.task.finished', { ...at, time: 7 });
    bus.publish('io.task.finished', { ...at, time: 8, errorType: 'corrupt' });
    expect(recorder.measurements.map(({ value, attributes }) => [value, attributes['error.type']])).toEqual([
      [0.007, undefined],
      [0.008, 'corrupt'],
    ]);
  });
});

describe('a lookup', () => {
  it('has its duration under the tier that was asked, also when its producer has no times', () => {
    const { bus, source, recorder } = setup();
    const lookup = { source, startTime: 100, blocks: 10, hits: 3 };
    bus.publish('lookup.finished', { ...lookup, tier: 'l1', time: 102 });
    bus.publish('lookup.finished', { ...lookup, tier: 'l2', time: 100 });
    bus.publish('lookup.finished', { ...lookup, tier: 'l2', time: 99 });
    expect(recorder.values('kv_cache.lookup.duration', where({ tier: 'l1' }))).toEqual([0.002]);
    expect(recorder.values('kv_cache.lookup.duration', where({ tier: 'l2' }))).toEqual([0]);
    expect(bus.failures.get('transfer')).toBe(1);
  });
});
