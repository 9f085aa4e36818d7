import { createBus, createSampler, createSource, type ErrorType, startSubscriber } from '@kvscope/core';
import { MemoryRecorder, ScriptedClock } from '@kvscope/core/testing';
import { describe, expect, it } from 'vitest';
import { shards } from '../src/index.ts';

function setup() {
  const bus = createBus();
  const recorder = new MemoryRecorder();
  startSubscriber(shards, { bus, recorder, clock: new ScriptedClock(), sampler: createSampler(1e-9) });
  const at = { time: 10, source: createSource({}, bus) };
  const task = (
    operation: 'load' | 'dump',
    [cache, backend, shared, skipped]: readonly [number, number, number, number],
    rest: { blocks: number; bytes: number; errorType?: ErrorType },
  ) =>
    bus.publish('task.finished', {
      ...at,
      operation,
      submittedTime: 0,
      shards: { cache, backend, shared, skipped },
      ...rest,
    });
  const io = (direction: 'read' | 'write', bytes: number, errorType?: ErrorType) =>
    bus.publish('io.finished', {
      ...at,
      tier: 'l2',
      direction,
      startTime: 0,
      bytes,
      ...(errorType && { errorType }),
    });
  const of = (name: string, attributes: Record<string, string> = {}) =>
    recorder.sum(
      name,
      Object.fromEntries(Object.entries(attributes).map(([key, word]) => [`kv_cache.${key}`, word])),
    );
  return { bus, recorder, at, task, io, of };
}

describe('tasks', () => {
  it('counts each once, with its shards by origin, its blocks and its bytes', () => {
    const { task, of, recorder } = setup();
    task('load', [3, 4, 2, 1], { blocks: 5, bytes: 640 });
    task('dump', [0, 6, 0, 2], { blocks: 3, bytes: 384 });
    expect(of('kv_cache.tasks', { 'operation.name': 'load' })).toBe(1);
    const origins = ['cache', 'backend', 'shared', 'skipped'];
    const shardsOf = (operation: string) =>
      origins.map((origin) =>
        of('kv_cache.task.shards', { 'operation.name': operation, 'shard.origin': origin }),
      );
    expect([shardsOf('load'), shardsOf('dump')]).toEqual([
      [3, 4, 2, 1],
      [0, 6, 0, 2],
    ]);
    expect(of('kv_cache.task.blocks', { 'operation.name': 'load' })).toBe(5);
    expect(of('kv_cache.task.io', { 'operation.name': 'dump' })).toBe(384);
    expect(recorder.values('kv_cache.tasks').length).toBe(2);
  });

  it('has a series for each origin from the first task on, also when nothing moves', () => {
    const { task, recorder } = setup();
    task('load', [0, 0, 0, 0], { blocks: 0, bytes: 0 });
    expect(recorder.values('kv_cache.task.shards')).toEqual([0, 0, 0, 0]);
    expect(recorder.values('kv_cache.task.blocks')).toEqual([0]);
    expect(recorder.values('kv_cache.task.io')).toEqual([0]);
  });

  it('counts one that failed under its error, with its shards, without blocks and bytes', () => {
    const { task, recorder, of } = setup();
    task('load', [1, 2, 0, 0], { blocks: 3, bytes: 384, errorType: 'timeout' });
    expect(recorder.measurements.find(({ name }) => name === 'kv_cache.tasks')?.attributes).toEqual({
      'kv_cache.operation.name': 'load',
      'error.type': 'timeout',
    });
    expect(of('kv_cache.task.shards')).toBe(3);
    expect(recorder.values('kv_cache.task.blocks')).toEqual([]);
    expect(recorder.values('kv_cache.task.io')).toEqual([]);
  });
});

describe('io', () => {
  it('counts the bytes of calls that succeeded, and the others as errors', () => {
    const { io, of, recorder } = setup();
    io('read', 100);
    io('read', 28);
    io('write', 64);
    io('write', 4096, 'no_space');
    expect(of('kv_cache.io', { tier: 'l2', 'io.direction': 'read' })).toBe(128);
    expect(of('kv_cache.io', { tier: 'l2', 'io.direction': 'write' })).toBe(64);
    expect(recorder.measurements.filter(({ name }) => name === 'kv_cache.io.errors')).toEqual([
      {
        name: 'kv_cache.io.errors',
        value: 1,
        attributes: {
          'kv_cache.tier': 'l2',
          'kv_cache.io.direction': 'write',
          'error.type': 'no_space',
        },
      },
    ]);
  });
});

describe('an event that contradicts itself', () => {
  it.each([
    ['NaN bytes', { blocks: 1, bytes: Number.NaN }],
    ['negative blocks', { blocks: -1, bytes: 1 }],
  ])('is counted as a failure and nowhere else: %s', (_, rest) => {
    const { task, recorder, bus } = setup();
    task('load', [1, 0, 0, 0], rest);
    expect(recorder.measurements).toEqual([]);
    expect(bus.failures.get('shards')).toBe(1);
  });

  it('likewise shards below 0, io without a size and more hits than blocks', () => {
    const { bus, at, task, io, recorder } = setup();
    task('load', [-1, 0, 0, 0], { blocks: 1, bytes: 1 });
    io('read', Number.POSITIVE_INFINITY);
    bus.publish('lookup.finished', { ...at, startTime: 0, tier: 'l0', blocks: 3, hits: 4 });
    bus.publish('tier.cleared', { ...at, tier: 'l0', blocks: Number.NaN });
    expect(recorder.measurements).toEqual([]);
    expect(bus.failures.get('shards')).toBe(4);
  });
});
