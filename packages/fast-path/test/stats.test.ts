import { EventEmitter } from 'node:events';
import type { AttributeSet } from '@kvscope/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { forwardStats, StatsCollector, type StatsPort } from '../src/index.ts';
import type { StatsMessage } from '../src/stats/message.ts';
import {
  COUNTER,
  channel,
  GAUGE,
  GROWING,
  HELD,
  HISTOGRAM,
  NONE,
  noneOf,
  producing,
  recorderAt,
  valuesOf,
} from './setup.ts';

const HOUR_MS = 3_600_000;

/** A main thread with its totals. */
function mainThread() {
  const { recorder } = recorderAt(0);
  const failures: string[] = [];
  const collector = new StatsCollector(recorder, (error) => failures.push((error as Error).message));
  const read = producing(recorder);
  const total = async (name: string, attributes: AttributeSet = NONE) =>
    valuesOf((await read())[name])[JSON.stringify(attributes)];
  return { recorder, collector, failures, total };
}

/** A worker that forwards to `port` when it is told to. */
function worker(port: StatsPort) {
  const { recorder } = recorderAt(0);
  const forwarding = forwardStats(recorder, port, { intervalMs: HOUR_MS });
  onTestFinished(() => forwarding.stop());
  return { recorder, ...forwarding };
}

it('the totals are the sums of all workers and the main thread itself', async () => {
  const main = mainThread();
  main.recorder.counter('c', COUNTER, noneOf(main.recorder)).add(1000);
  for (const amount of [1, 20, 300]) {
    const { worker: port, main: end } = channel();
    main.collector.collect(end);
    const { recorder, flush } = worker(port);
    const [counter, histogram] = [
      recorder.counter('c', COUNTER, NONE),
      recorder.histogram('h', HISTOGRAM, NONE),
    ];
    counter.add(amount);
    histogram.record(amount);
    flush();
    counter.add(amount);
    flush();
    // Nothing new: no message.
    flush();
    expect(port.sent).toHaveLength(2);
  }
  expect(await main.total('c')).toBe(1000 + 2 * 321);
  expect(await main.total('h')).toEqual({
    count: 3,
    sum: 321,
    min: 1,
    max: 300,
    buckets: { boundaries: [1, 10], counts: [1, 0, 2] },
  });
  expect(main.collector.counts).toEqual({ messages: 6, repeated: 0, missed: 0, refused: 0 });
});

it('exponential histograms add up too', async () => {
  const { recorder } = recorderAt(0, { histograms: 'exponential' });
  const collector = new StatsCollector(recorder, (error) => expect.unreachable(String(error)));
  const { worker: port, main: end } = channel();
  collector.collect(end);
  const { recorder: theirs } = recorderAt(0, { histograms: 'exponential' });
  const { flush, stop } = forwardStats(theirs, port, { intervalMs: HOUR_MS });
  for (const value of [0, 1, 1.5, 3]) theirs.histogram('h', HISTOGRAM, NONE).record(value);
  flush();
  stop();
  const both = valuesOf((await producing(recorder)()).h)['{}'];
  expect(both).toEqual(valuesOf((await producing(theirs)()).h)['{}']);
});

it('what a worker holds stands until it says otherwise, and goes when it ends; what it counted stays', async () => {
  const main = mainThread();
  main.recorder.observe({ held: HELD }, (report) => report('held', 100, noneOf(main.recorder)));
  const ends = [1, 2].map((n) => {
    const { worker: port, main: end } = channel();
    main.collector.collect(end);
    const { recorder, flush } = worker(port);
    let times = 1;
    recorder.observe({ held: HELD, grown: GROWING, gauge: GAUGE }, (report) => {
      report('held', n * times, NONE);
      report('grown', 10 * n * times, NONE);
      report('gauge', n, NONE);
      times = 3;
    });
    flush();
    flush();
    return end;
  });
  const totals = async () => [await main.total('held'), await main.total('grown'), await main.total('gauge')];
  // Of 1 + 2 at first, 3 + 6 at the second reading.
  expect(await totals()).toEqual([109, 90, 2]);
  ends[1]?.emit('exit', 1);
  expect(await totals()).toEqual([103, 90, 1]);
  ends[0]?.emit('disconnect');
  expect(await totals()).toEqual([100, 90, 1]);
  expect(ends.map((end) => end.eventNames())).toEqual([[], []]);
});

describe('messages', () => {
  it('that come again are counted and not added, whatever port they come by', async () => {
    const main = mainThread();
    const { worker: port, main: end } = channel();
    const other = channel();
    main.collector.collect(end);
    main.collector.collect(other.main);
    const { recorder, flush } = worker(port);
    for (let i = 0; i < 3; i++) {
      recorder.counter('c', COUNTER, NONE).add(1);
      flush();
    }
    for (const message of port.sent) other.worker.postMessage(message);
    expect(await main.total('c')).toBe(3);
    expect(main.collector.counts).toEqual({ messages: 3, repeated: 3, missed: 0, refused: 0 });
  });

  it('that never came are counted by their numbers; a worker that starts again counts anew', async () => {
    const main = mainThread();
    const { worker: port, main: end } = channel();
    main.collector.collect(end);
    const first = worker(port);
    const counter = first.recorder.counter('c', COUNTER, NONE);
    counter.add(1);
    first.flush();
    port.other = undefined;
    for (const amount of [10, 100]) {
      counter.add(amount);
      first.flush();
    }
    port.other = end;
    counter.add(1000);
    first.flush();
    first.stop();
    const second = worker(port);
    second.recorder.counter('c', COUNTER, NONE).add(10_000);
    second.flush();
    expect(await main.total('c')).toBe(11_001);
    expect(main.collector.counts).toEqual({ messages: 3, repeated: 0, missed: 2, refused: 0 });
    expect(main.failures).toEqual([expect.stringMatching(/^2 messages of worker \d+\/\d+ never came$/)]);
  });

  it('of the application itself are left alone', () => {
    const main = mainThread();
    const { worker: port, main: end } = channel();
    main.collector.collect(end);
    for (const message of [undefined, null, 7, 'stats.1', [], { kvscope: 'stats.2' }])
      port.postMessage(message);
    expect([main.collector.counts.refused, main.failures]).toEqual([0, []]);
  });
});

describe('a message that cannot be understood is refused whole, and those after it are taken', () => {
  const point = [{}, 1] as const;
  const metric = { name: 'c', instrument: 'counter', unit: '1', description: '', points: [point] };
  const message = { kvscope: 'stats.1', worker: '1/1', incarnation: 'a', sequence: 1, metrics: [metric] };
  const histogram = { ...metric, instrument: 'histogram', boundaries: [1] };
  const explicit = { count: 1, sum: 1, min: 1, max: 1, buckets: { boundaries: [1], counts: [1, 0] } };
  const withPoint = (of: object, value: unknown) => ({
    ...message,
    metrics: [{ ...of, points: [[{}, value]] }],
  });

  it.each([
    ['no sequence', { ...message, sequence: undefined }],
    ['sequence 0', { ...message, sequence: 0 }],
    ['a name that is none', { ...message, metrics: [{ ...metric, name: 7 }] }],
    ['an unknown instrument', { ...message, metrics: [{ ...metric, instrument: 'gong' }] }],
    ['metrics that are none', { ...message, metrics: 'all' }],
    ['too many metrics', { ...message, metrics: Array(1001).fill(metric) }],
    [
      'too many points',
      { ...message, metrics: Array(3).fill({ ...metric, points: Array(5000).fill(point) }) },
    ],
    ['a counter that is NaN', withPoint(metric, Number.NaN)],
    ['a counter that is text', withPoint(metric, '1')],
    ['attributes that are none', { ...message, metrics: [{ ...metric, points: [[7, 1]] }] }],
    ['an attribute that is an object', { ...message, metrics: [{ ...metric, points: [[{ a: {} }, 1]] }] }],
    ['a histogram without boundaries', withPoint({ ...metric, instrument: 'histogram' }, explicit)],
    ['a histogram that is a number', withPoint(histogram, 1)],
    ['counts below 0', withPoint(histogram, { ...explicit, buckets: { boundaries: [1], counts: [-1, 2] } })],
    ['too few counts', withPoint(histogram, { ...explicit, buckets: { boundaries: [1], counts: [1] } })],
    ['a sum that is infinite', withPoint(histogram, { ...explicit, sum: Number.POSITIVE_INFINITY })],
    ['buckets of neither kind', withPoint(histogram, { ...explicit, buckets: undefined })],
    [
      'a scale of its own',
      withPoint(histogram, {
        ...explicit,
        buckets: undefined,
        zeroCount: 0,
        scale: 99,
        positive: { offset: 0, bucketCounts: [] },
      }),
    ],
  ])('%s', async (_, hostile) => {
    const main = mainThread();
    const { worker: port, main: end } = channel();
    main.collector.collect(end);
    port.postMessage(hostile);
    expect([main.collector.counts.refused, main.failures.length]).toEqual([1, 1]);
    port.postMessage(message as unknown as StatsMessage);
    expect(await main.total('c')).toBe(1);
  });
});

it('a metric of another kind than here is refused, and the rest of its message taken', async () => {
  const main = mainThread();
  const { worker: port, main: end } = channel();
  main.collector.collect(end);
  main.recorder.histogram('h', HISTOGRAM, noneOf(main.recorder)).record(1);
  const { recorder } = recorderAt(0, { histograms: 'exponential' });
  const { flush, stop } = forwardStats(recorder, port, { intervalMs: HOUR_MS });
  recorder.histogram('h', HISTOGRAM, NONE).record(5);
  recorder.counter('c', COUNTER, NONE).add(3);
  flush();
  stop();
  expect([await main.total('c'), await main.total('h')]).toEqual([3, expect.objectContaining({ count: 1 })]);
  expect(main.collector.counts).toEqual({ messages: 1, repeated: 0, missed: 0, refused: 1 });
  expect(main.failures).toEqual([expect.stringContaining('one with explicit boundaries')]);
});

describe('a channel that fails', () => {
  it('is given the same message again, and what came meanwhile after it', async () => {
    const main = mainThread();
    const { worker: port, main: end } = channel();
    main.collector.collect(end);
    const { recorder, flush } = worker(port);
    const { postMessage } = port;
    const counter = recorder.counter('c', COUNTER, NONE);
    counter.add(1);
    port.postMessage = () => {
      throw new Error('full');
    };
    flush();
    counter.add(10);
    flush();
    expect(await main.total('c')).toBeUndefined();
    port.postMessage = postMessage;
    flush();
    expect(await main.total('c')).toBe(1);
    flush();
    expect([await main.total('c'), main.collector.counts.missed]).toEqual([11, 0]);
  });

  it('of a process carries one message at a time', () => {
    const under: { message: unknown; done: (error: Error | null) => void }[] = [];
    const port = Object.assign(new EventEmitter(), {
      send: (message: unknown, done: (error: Error | null) => void) => under.push({ message, done }) > 0,
    });
    const { recorder, flush } = worker(port);
    const counter = recorder.counter('c', COUNTER, NONE);
    for (let i = 0; i < 5; i++) {
      counter.add(1);
      flush();
    }
    expect(under).toHaveLength(1);
    under[0]?.done(null);
    flush();
    const sums = under.map(({ message }) => (message as StatsMessage).metrics[0]?.points[0]?.[1]);
    expect(sums).toEqual([1, 4]);
  });
});

it.each([undefined, null, 7, {}, { on() {} }])('%j is no port', (port) => {
  const { recorder } = recorderAt(0);
  expect(() => forwardStats(recorder, port as never)).toThrow('port is');
  expect(() => new StatsCollector(recorder, () => undefined).collect(port as never)).toThrow('port is');
});

it.each([0, 9, 3_600_001, Number.NaN])('an interval of %d ms is refused', (intervalMs) => {
  expect(() => forwardStats(recorderAt(0).recorder, channel().worker, { intervalMs })).toThrow(
    `intervalMs is ${intervalMs}; allowed: a number from 10 to 3600000 (default 1000)`,
  );
});
