import { describe, expect, test } from 'vitest';
import { createBus } from '../src/bus.ts';
import { EVENT_NAMES } from '../src/events.ts';
import { defineMetrics } from '../src/metrics/declaration.ts';
import { createMeterRecorder } from '../src/recording/meter-recorder.ts';
import { createSampler } from '../src/sampling.ts';
import { ScriptedClock } from '../src/scripted-clock.ts';
import { type SubscriberContext, startSubscriber } from '../src/subscriber.ts';
import { inMemoryMeter } from './in-memory-meter.ts';
import { recordDiag } from './recording-diag.ts';
import { stored } from './sample-events.ts';

const family = defineMetrics('probe', {
  'my.blocks': { instrument: 'counter', unit: '{block}', description: 'B.', grain: 'block', attributes: [] },
  'my.usage': {
    instrument: 'observableUpDownCounter',
    unit: '{block}',
    description: 'U.',
    grain: 'collection',
    attributes: [],
  },
});
type Context = SubscriberContext<typeof family.metrics>;

function setup() {
  const bus = createBus();
  const clock = new ScriptedClock();
  const { meter, collect, points } = inMemoryMeter();
  const recorder = createMeterRecorder(meter);
  const calls = { handler: 0, timer: 0, callback: 0 };
  const takeAll = (context: Context): void => {
    const blocks = context.counter('my.blocks');
    for (const name of EVENT_NAMES) {
      context.on(name, ({ source }) => {
        calls.handler++;
        blocks.at(source).add(1);
      });
    }
    context.every(10, () => calls.timer++);
    context.observe(['my.usage'], () => calls.callback++);
  };
  const start = (begin: (context: Context) => void) =>
    startSubscriber(
      { name: 'probe', family, start: begin },
      { bus, clock, recorder, sampler: createSampler(1) },
    );
  /** What of a subscriber can still be reached. */
  const left = async () => {
    const before = { ...calls };
    for (const name of EVENT_NAMES) bus.publish(name, stored(1) as never);
    clock.advance(100);
    await collect();
    return {
      wanted: EVENT_NAMES.filter((name) => bus.wants(name)),
      timers: clock.timers,
      called: JSON.stringify(before) !== JSON.stringify(calls),
    };
  };
  return { bus, clock, start, takeAll, left, points, calls };
}

const NOTHING = { wanted: [], timers: 0, called: false };

describe('nothing is left on the bus, the clock and the meter', () => {
  test('after stop, also when stopped twice', async () => {
    const { start, takeAll, left } = setup();
    const running = start(takeAll);
    expect(await left()).toEqual({ wanted: EVENT_NAMES, timers: 1, called: true });
    running.stop();
    running.stop();
    expect(await left()).toEqual(NOTHING);
  });

  test('nor anywhere else, of what was taken with a way to give it back', () => {
    const { start } = setup();
    let open = 0;
    const running = start((context) => {
      open++;
      context.onStop(() => void open--);
    });
    expect(open).toBe(1);
    running.stop();
    running.stop();
    expect(open).toBe(0);
  });

  test('after a start that throws, which the caller sees', async () => {
    const { bus, start, takeAll, left } = setup();
    const failing = () =>
      start((context) => {
        takeAll(context);
        throw new RangeError('limit is 0; allowed: 1 to 9');
      });
    expect(failing).toThrow(new RangeError('limit is 0; allowed: 1 to 9'));
    expect(await left()).toEqual(NOTHING);
    expect(bus.failures.size).toBe(0);
  });

  test('after a stop in the middle of an event, with what the handler took after it', async () => {
    const { bus, start, takeAll, left } = setup();
    const running = start((context) => {
      context.on('block.stored', () => {
        running.stop();
        takeAll(context);
      });
    });
    bus.publish('block.stored', stored(1));
    expect(await left()).toEqual(NOTHING);
  });
});

test('something that cannot be given back is counted, and the rest is given back', async () => {
  recordDiag();
  const { bus, clock, start, takeAll, left } = setup();
  const every = clock.every.bind(clock);
  clock.every = (intervalMs, task) => {
    const undo = every(intervalMs, task);
    return () => {
      undo();
      throw new Error('stuck');
    };
  };
  const running = start(takeAll);
  expect(() => running.stop()).not.toThrow();
  expect(bus.failures).toEqual(new Map([['probe', 1]]));
  expect(await left()).toEqual(NOTHING);
});

test('stopping one leaves the others running', async () => {
  const { start, takeAll, left } = setup();
  const first = start(takeAll);
  start(takeAll);
  first.stop();
  expect(await left()).toEqual({ wanted: EVENT_NAMES, timers: 1, called: true });
});

test('a subscriber started again goes on with the same series', async () => {
  const { bus, start, takeAll, points } = setup();
  const once = () => {
    const running = start(takeAll);
    bus.publish('block.stored', stored(1));
    running.stop();
  };
  once();
  once();
  expect(await points('my.blocks')).toEqual([[{}, 2]]);
});
