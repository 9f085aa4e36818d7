import {
  createBus,
  createSampler,
  createSource,
  EVENT_NAMES,
  type EventName,
  startSubscriber,
} from '@kvscope/core';
import { MemoryRecorder, ScriptedClock } from '@kvscope/core/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fieldsOf, soundPublication } from './arbitrary-events.ts';
import { SUBSCRIBERS } from './subscribers.ts';

/** Fields that no metric can use, and why the event has them all the same. */
const UNREAD: Readonly<Record<string, string>> = {
  'layer.submitted.layer':
    'a hundred layers would be a hundred series of each metric: first and rest tell them apart',
  'window.started.source': 'a window is one of the whole process',
  'window.finished.source': 'as above',
  'window.finished.window': 'the one that ends is the one that began',
};

/** The event, with each field that is read noted by its path. */
function watched<E extends object>(event: E, path: string, read: Set<string>): E {
  return new Proxy(event, {
    get(target, field, receiver) {
      if (typeof field === 'string') read.add(`${path}.${field}`);
      const value: unknown = Reflect.get(target, field, receiver);
      // Of the nested objects, only these are the event's own.
      return field === 'shards' ? watched(value as object, `${path}.shards`, read) : value;
    },
  });
}

function declaredFields(type: EventName): readonly string[] {
  const shards = ['cache', 'backend', 'shared', 'skipped'].map((origin) => `shards.${origin}`);
  return [...fieldsOf(type), ...(type === 'task.finished' ? shards : [])].map((field) => `${type}.${field}`);
}

it('each field of each event is read by a subscriber, or there is a reason why not', () => {
  const bus = createBus();
  const environment = {
    bus,
    recorder: new MemoryRecorder(),
    clock: new ScriptedClock(),
    sampler: createSampler(1),
  };
  for (const subscriber of Object.values(SUBSCRIBERS)) startSubscriber(subscriber(bus), environment);
  const read = new Set<string>();
  const source = createSource({ backend: 'posix' }, bus);
  for (const [type, event] of fc.sample(soundPublication([source]), { numRuns: 5000, seed: 1 })) {
    bus.publish(type, watched(event, type, read) as never);
  }
  const unread = EVENT_NAMES.flatMap(declaredFields).filter((field) => !read.has(field));
  expect(unread.sort()).toEqual(Object.keys(UNREAD).sort());
});
