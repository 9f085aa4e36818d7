import { createBus, createSampler, createSource, type Source, startSubscriber } from '@kvscope/core';
import { MemoryRecorder, ScriptedClock } from '@kvscope/core/testing';
import { type Publication, soundPublication } from '../contract/arbitrary-events.ts';
import { SUBSCRIBERS } from '../contract/subscribers.ts';

export const SOURCE: Source = createSource({}, createBus());
export const sound = soundPublication([SOURCE]);

/** What all subscribers record of a stream, sampling next to nothing: the laws are about what is never sampled. */
export function recordingOf(stream: readonly Publication[]): MemoryRecorder {
  const bus = createBus();
  const recorder = new MemoryRecorder();
  const environment = { bus, recorder, clock: new ScriptedClock(), sampler: createSampler(1e-9) };
  for (const subscriber of Object.values(SUBSCRIBERS)) startSubscriber(subscriber(bus), environment);
  for (const [type, event] of stream) bus.publish(type, event as never);
  if (bus.failures.size > 0) throw new Error(`failures: ${[...bus.failures.keys()].join(', ')}`);
  return recorder;
}

/** Attribute values by their names without our namespace. */
export function where(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([key, word]) => [`kv_cache.${key}`, word]));
}

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The events of one type, out of a stream. */
export function eventsOf<T extends Publication[0]>(
  stream: readonly Publication[],
  type: T,
): readonly Extract<Publication, readonly [T, unknown]>[1][] {
  return stream.filter(([name]) => name === type).map(([, event]) => event) as never;
}
