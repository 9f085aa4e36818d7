import { createBus, createSampler, createSource, REGISTRY, startSubscriber } from '@kvscope/core';
import { MemoryRecorder, ScriptedClock } from '@kvscope/core/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { soundPublication } from './arbitrary-events.ts';
import { SUBSCRIBERS } from './subscribers.ts';

it('each declared metric is recorded by a subscriber', () => {
  const bus = createBus();
  const recorder = new MemoryRecorder();
  const clock = new ScriptedClock();
  const environment = { bus, recorder, clock, sampler: createSampler(1) };
  for (const subscriber of Object.values(SUBSCRIBERS)) startSubscriber(subscriber(bus), environment);
  const tier = {
    tier: 'l1',
    capacity: 1,
    evictable: 0,
    pinned: 0,
    unknown: 0,
    blockBytes: 1,
    blockTokens: 1,
  } as const;
  const source = createSource(
    { occupancy: () => ({ tiers: [tier], transfers: [{ from: 'l1', to: 'l0', active: 1 }] }) },
    bus,
  );
  for (const [type, event] of fc.sample(soundPublication([source]), { numRuns: 20_000, seed: 1 })) {
    bus.publish(type, event as never);
    clock.advance(20);
  }
  // There are so few ids that each batch of the stream finishes.
  const unfinished = { batch: 'unfinished', layer: 0, first: true } as const;
  bus.publish('layer.loaded', { source, ...unfinished, startTime: 1, time: 2 });
  bus.fail('test', new Error('on purpose'));
  const names = REGISTRY.flatMap(({ metrics }) => Object.keys(metrics));
  const observed = new Set(names.filter((name) => recorder.observed(name).length > 0));
  // Only time tells that something never ended.
  clock.advance(400_000);
  const recorded = new Set(recorder.measurements.map(({ name }) => name));
  const silent = names.filter((name) => !recorded.has(name) && !observed.has(name));
  expect(silent).toEqual([]);
});
