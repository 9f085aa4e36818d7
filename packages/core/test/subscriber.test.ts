import { describe, expect, test } from 'vitest';
import { createBus } from '../src/bus.ts';
import { EVENT_NAMES } from '../src/events.ts';
import { attribute, defineMetrics } from '../src/metrics/declaration.ts';
import { createMeterRecorder } from '../src/recording/meter-recorder.ts';
import { createSampler } from '../src/sampling.ts';
import { ScriptedClock } from '../src/scripted-clock.ts';
import { type Subscriber, type SubscriberContext, startSubscriber } from '../src/subscriber.ts';
import { TIERS } from '../src/vocabulary.ts';
import { inMemoryMeter } from './in-memory-meter.ts';
import { recordDiag } from './recording-diag.ts';
import { accessed, sourceWith, stored } from './sample-events.ts';

const tier = attribute('kv_cache.tier', TIERS);
const family = defineMetrics('probe', {
  'my.blocks': {
    instrument: 'counter',
    unit: '{block}',
    description: 'B.',
    grain: 'block',
    attributes: [tier],
  },
  'my.sizes': {
    instrument: 'histogram',
    unit: '{block}',
    description: 'S.',
    grain: 'event',
    attributes: [],
    boundaries: [1, 10],
  },
  'my.usage': {
    instrument: 'observableUpDownCounter',
    unit: '{block}',
    description: 'U.',
    grain: 'collection',
    attributes: [tier],
  },
  'my.rate': {
    instrument: 'observableGauge',
    unit: '1',
    description: 'R.',
    grain: 'collection',
    attributes: [],
  },
});
type Probe = Subscriber<typeof family.metrics, { readonly weight: number }>;
type Context = SubscriberContext<typeof family.metrics>;

function setup() {
  const bus = createBus();
  const clock = new ScriptedClock();
  const memory = inMemoryMeter();
  const environment = { bus, clock, sampler: createSampler(1), recorder: createMeterRecorder(memory.meter) };
  const start = (begin: (context: Context, weight: number) => void, weight?: number) => {
    const probe: Probe = {
      name: 'probe',
      family,
      start: (context, options) => begin(context, options?.weight ?? 1),
    };
    return startSubscriber(probe, environment, weight === undefined ? undefined : { weight });
  };
  const wanted = () => EVENT_NAMES.filter((name) => bus.wants(name));
  return { bus, clock, environment, start, wanted, ...memory };
}

/** Takes one of everything. */
function takeAll(context: Context, weight: number): void {
  const blocks = context.counter('my.blocks');
  const sizes = context.histogram('my.sizes');
  let usage = 0;
  context.on('block.stored', ({ source, tier, keys }) => {
    blocks.at(source, tier).add(keys.length * weight);
    sizes.at(source).record(keys.length);
  });
  context.on('block.accessed', () => {});
  context.every(1000, () => usage++);
  context.observe(['my.usage', 'my.rate'], (observe) => {
    observe('my.usage', usage, undefined, 'l1');
    observe('my.rate', context.sampler.rate, undefined);
  });
}

describe('a running subscriber', () => {
  test('turns events, timers and collections into measurements', async () => {
    const { bus, clock, start, points } = setup();
    start(takeAll);
    bus.publish('block.stored', { ...stored(1, 2), source: sourceWith({ pool: 'a' }) });
    bus.publish('block.stored', stored(3));
    clock.advance(3000);
    expect(await points('my.blocks')).toEqual([
      [{ pool: 'a', 'kv_cache.tier': 'l0' }, 2],
      [{ 'kv_cache.tier': 'l0' }, 1],
    ]);
    expect(await points('my.usage')).toEqual([[{ 'kv_cache.tier': 'l1' }, 3]]);
    expect(await points('my.rate')).toEqual([[{}, 1]]);
    expect((await points('my.sizes'))[0]?.[1]).toMatchObject({ count: 1, sum: 2 });
  });

  test('is given its options, the clock, the sampler and the sources of the bus', () => {
    const { bus, clock, environment, start } = setup();
    const source = sourceWith();
    bus.addSource(source);
    const given: unknown[] = [];
    start((context, weight) => {
      given.push(weight, context.clock, context.sampler, [...context.sources]);
    }, 2.5);
    expect(given).toEqual([2.5, clock, environment.sampler, [source]]);
  });

  test('what it observes of sources with equal attributes adds up', async () => {
    const { start, points } = setup();
    const [p, q, r] = [sourceWith({ pool: 'a' }), sourceWith({ pool: 'a' }), sourceWith({ pool: 'b' })];
    start((context) => {
      context.observe(['my.usage'], (observe) => {
        observe('my.usage', 3, p, 'l0');
        observe('my.usage', 4, q, 'l0');
        observe('my.usage', 10, r, 'l0');
      });
    });
    expect(await points('my.usage')).toEqual([
      [{ pool: 'a', 'kv_cache.tier': 'l0' }, 7],
      [{ pool: 'b', 'kv_cache.tier': 'l0' }, 10],
    ]);
  });

  test('makes no instrument that it does not ask for', async () => {
    const { bus, start, collect } = setup();
    start((context) => {
      const blocks = context.counter('my.blocks');
      context.on('block.stored', ({ source, tier }) => blocks.at(source, tier).add(1));
    });
    bus.publish('block.stored', stored(1));
    expect([...(await collect()).keys()]).toEqual(['my.blocks']);
  });

  test('its failing handler, timer, callback and reported error are counted under its name', async () => {
    const lines = recordDiag();
    const { bus, clock, start, points } = setup();
    const boom = (): never => {
      throw new Error('boom');
    };
    start((context) => {
      context.on('block.stored', boom);
      context.every(10, boom);
      context.observe(['my.usage', 'my.rate'], (observe) => {
        observe('my.usage', 5, undefined, 'l0');
        boom();
      });
      context.on('block.accessed', () => context.fail(new Error('told')));
    });
    bus.publish('block.stored', stored(1));
    clock.advance(20);
    expect(await points('my.usage')).toEqual([[{ 'kv_cache.tier': 'l0' }, 5]]);
    bus.publish('block.accessed', accessed(1));
    expect(bus.failures).toEqual(new Map([['probe', 5]]));
    expect(lines).toHaveLength(1);
  });

  test('a value outside its closed set is counted, and spoils no other series', async () => {
    recordDiag();
    const { bus, start, points } = setup();
    start(takeAll);
    bus.publish('block.stored', { ...stored(1), tier: 'l9' as never });
    bus.publish('block.stored', stored(1));
    expect(bus.failures).toEqual(new Map([['probe', 1]]));
    expect(await points('my.blocks')).toEqual([[{ 'kv_cache.tier': 'l0' }, 1]]);
  });

  test('a metric that was not asked to be observed is refused and counted', async () => {
    recordDiag();
    const { bus, start, collect } = setup();
    start((context) => {
      context.observe(['my.usage'], (observe) => {
        // @ts-expect-error 'my.rate' is not among the names
        observe('my.rate', 1, undefined);
      });
    });
    expect([...(await collect()).keys()]).not.toContain('my.rate');
    expect(bus.failures).toEqual(new Map([['probe', 1]]));
  });
});

test('types: only declared names, in their instrument, with their values', () => {
  const { start } = setup();
  start((context) => {
    const source = sourceWith();
    const blocks = context.counter('my.blocks');
    const calls = [
      // @ts-expect-error not declared
      () => context.counter('my.block'),
      // @ts-expect-error declared as a histogram
      () => context.counter('my.sizes'),
      // @ts-expect-error the tier is missing
      () => blocks.at(source),
      // @ts-expect-error no such tier
      () => blocks.at(source, 'l3'),
      // @ts-expect-error no such event
      () => context.on('block.lost', () => {}),
    ];
    expect(calls).toHaveLength(5);
  });
});
