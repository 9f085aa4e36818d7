import {
  type Bus,
  createBus,
  createSampler,
  createSource,
  EVENT_NAMES,
  REGISTRY,
  type Subscriber,
  startSubscriber,
} from '@kvscope/core';
import { MemoryRecorder, ScriptedClock } from '@kvscope/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyPublication, type Publication, soundPublication } from './arbitrary-events.ts';
import { SUBSCRIBERS, WITHOUT_METRICS } from './subscribers.ts';

function setup() {
  const bus = createBus();
  const recorder = new MemoryRecorder();
  const clock = new ScriptedClock();
  const occupied = {
    tiers: [
      { tier: 'l1', capacity: 9, evictable: 1, pinned: 2, unknown: 3, blockBytes: 4, blockTokens: 5 },
    ] as const,
    transfers: [{ from: 'l1', to: 'l0', active: 1 }] as const,
  };
  const sources = [
    createSource({ attributes: { 'cache.name': 'a' }, backend: 'posix', occupancy: () => occupied }, bus),
    createSource({ accesses: false, live: false }, bus),
  ];
  const environment = { bus, recorder, clock, sampler: createSampler(1) };
  return {
    bus,
    recorder,
    clock,
    sources,
    start: (subscriber: (bus: Bus) => Subscriber) => startSubscriber(subscriber(bus), environment),
  };
}

const publish = (bus: Bus, [type, event]: Publication) => bus.publish(type, event as never);
const wanted = (bus: Bus) => EVENT_NAMES.filter((name) => bus.wants(name));
const streams = (sources: ReturnType<typeof setup>['sources']) =>
  fc.array(anyPublication(sources), { maxLength: 60 });

describe.each(Object.entries(SUBSCRIBERS))('%s', (name, subscriber) => {
  it('leaves nothing on the bus, the clock or the meter when it is off, however often it was on', () => {
    const { bus, clock, recorder, start } = setup();
    const first = start(subscriber);
    const second = start(subscriber);
    expect(wanted(bus).length + recorder.callbacks).toBeGreaterThan(0);
    first.stop();
    first.stop();
    second.stop();
    expect(wanted(bus)).toEqual([]);
    expect([clock.timers, recorder.callbacks]).toEqual([0, 0]);
  });

  it('records nothing and observes nothing when it is off', () => {
    const { bus, recorder, sources, start } = setup();
    start(subscriber).stop();
    fc.assert(
      fc.property(streams(sources), (stream) => {
        for (const publication of stream) publish(bus, publication);
        expect(recorder.measurements).toEqual([]);
      }),
      { numRuns: 20 },
    );
    for (const family of REGISTRY) {
      for (const metric of Object.keys(family.metrics)) expect(recorder.observed(metric)).toEqual([]);
    }
  });

  it('records the same after a restart as on its first start', () => {
    const { sources } = setup();
    fc.assert(
      fc.property(streams(sources), (stream) => {
        const once = setup();
        once.start(subscriber);
        const again = setup();
        again.start(subscriber).stop();
        again.start(subscriber);
        for (const publication of stream) {
          publish(once.bus, publication);
          publish(again.bus, publication);
        }
        expect(again.recorder.measurements).toEqual(once.recorder.measurements);
      }),
      { numRuns: 50 },
    );
  });

  it('survives any event, and records only finite values under declared names and words', () => {
    const { sources } = setup();
    const family = REGISTRY.find(({ subscriber: owner }) => owner === name);
    const allowed = new Map(
      Object.entries(family?.metrics ?? {}).map(([metric, { attributes }]) => [
        metric,
        new Map(attributes.map((attribute) => [attribute.name, attribute])),
      ]),
    );
    fc.assert(
      fc.property(streams(sources), (stream) => {
        const { bus, recorder, clock, start } = setup();
        start(subscriber);
        for (const publication of stream) publish(bus, publication);
        clock.advance(90_000_000);
        for (const { name: metric, value, attributes } of recorder.measurements) {
          expect(Number.isFinite(value)).toBe(true);
          for (const [attribute, word] of Object.entries(attributes)) {
            if (attribute === 'cache.name') continue;
            const declared = allowed.get(metric)?.get(attribute);
            if (declared?.maxValues === undefined) expect(declared?.values).toContain(word);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('has no failure with events that keep their contract, and counts those that do not as its own', () => {
    const { sources } = setup();
    const failuresOf = (stream: readonly Publication[]) => {
      const { bus, clock, start } = setup();
      start(subscriber);
      for (const publication of stream) publish(bus, publication);
      clock.advance(90_000_000);
      return [...bus.failures.keys()];
    };
    const sound = fc.array(soundPublication(sources), { maxLength: 60 });
    fc.assert(
      fc.property(sound, streams(sources), (sound, any) => {
        expect(failuresOf(sound)).toEqual([]);
        expect([name]).toEqual(expect.arrayContaining(failuresOf(any)));
      }),
      { numRuns: 100 },
    );
  });
});

it('the contract runs over the subscriber of every family in the registry', () => {
  const families = [...REGISTRY.map((family) => family.subscriber), ...WITHOUT_METRICS];
  expect(Object.keys(SUBSCRIBERS).sort()).toEqual(families.sort());
});
