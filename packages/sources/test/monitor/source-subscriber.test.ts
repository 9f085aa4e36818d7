import { createBus, createSampler, sourceMetrics, startSubscriber } from '@kvscope/core';
import { MemoryRecorder, ScriptedClock } from '@kvscope/core/testing';
import { expect, it } from 'vitest';
import { MAX_PUBLISHERS, SourceMonitor, sourceSubscriber } from '../../src/index.ts';

function setup() {
  const monitor = new SourceMonitor();
  const recorder = new MemoryRecorder();
  const running = startSubscriber(sourceSubscriber(monitor), {
    bus: createBus(),
    recorder,
    clock: new ScriptedClock(),
    sampler: createSampler(1),
  });
  return { monitor, recorder, running };
}

it('shows every figure of each publisher under its name and rank', () => {
  const { monitor, recorder } = setup();
  const engine = monitor.publisher('engine', 3);
  Object.assign(engine, {
    connected: true,
    lastSequence: 41,
    lagMs: 250,
    batches: 1,
    bytes: 2,
    missed: 3,
    replayed: 4,
    duplicates: 5,
    restarts: 6,
    reconnects: 7,
    dropped: 8,
    untrackedByLimit: 9,
    untrackedUnknown: 10,
  });
  engine.event('stored', 11);
  engine.error('invalid', 12);
  const at = { 'kv_cache.publisher.name': 'engine' };
  const shown = Object.keys(sourceMetrics.metrics).map((name) => [name, recorder.observed(name, at)]);
  expect(Object.fromEntries(shown)).toEqual({
    'kv_cache.source.connected': [1],
    'kv_cache.source.last_sequence': [41],
    'kv_cache.source.lag': [0.25],
    'kv_cache.source.batches': [1],
    'kv_cache.source.events': [11],
    'kv_cache.source.io': [2],
    'kv_cache.source.errors': [12],
    'kv_cache.source.missed': [3],
    'kv_cache.source.replayed': [4],
    'kv_cache.source.duplicates': [5],
    'kv_cache.source.restarts': [6],
    'kv_cache.source.reconnects': [7],
    'kv_cache.source.dropped': [8],
    'kv_cache.source.untracked': [9, 10],
  });
});

it('says nothing of a sequence or a lag that is not known yet, and nothing when it is stopped', () => {
  const { monitor, recorder, running } = setup();
  monitor.publisher('engine', 0);
  expect(recorder.observed('kv_cache.source.last_sequence')).toEqual([]);
  expect(recorder.observed('kv_cache.source.lag')).toEqual([]);
  expect(recorder.observed('kv_cache.source.connected')).toEqual([0]);
  running.stop();
  expect(recorder.callbacks).toBe(0);
});

it('shows a bounded number of publishers', () => {
  const { monitor, recorder } = setup();
  for (let i = 0; i < MAX_PUBLISHERS + 10; i++) monitor.publisher(`engine-${i}`, 0);
  expect(recorder.observed('kv_cache.source.connected')).toHaveLength(MAX_PUBLISHERS);
});
