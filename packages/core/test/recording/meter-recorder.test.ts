import { DataPointType } from '@opentelemetry/sdk-metrics';
import { describe, expect, test } from 'vitest';
import type { MetricDeclaration } from '../../src/metrics/declaration.ts';
import { createMeterRecorder } from '../../src/recording/meter-recorder.ts';
import type { Report } from '../../src/recording/recorder.ts';
import { inMemoryMeter } from '../in-memory-meter.ts';

const counter: MetricDeclaration = {
  instrument: 'counter',
  unit: '{block}',
  description: 'Blocks.',
  grain: 'block',
  attributes: [],
};
const histogram: MetricDeclaration = {
  ...counter,
  instrument: 'histogram',
  unit: 's',
  boundaries: [1, 2, 5],
};
const upDown: MetricDeclaration = { ...counter, instrument: 'observableUpDownCounter' };
const gauge: MetricDeclaration = { ...counter, instrument: 'observableGauge' };
const observableCounter: MetricDeclaration = { ...counter, instrument: 'observableCounter' };
const a = Object.freeze({ pool: 'a' });
const b = Object.freeze({ pool: 'b' });

describe('a histogram', () => {
  test("has the declaration's unit, description and boundaries", async () => {
    const { meter, collect } = inMemoryMeter();
    const bound = createMeterRecorder(meter).histogram('my.ages', histogram, a);
    for (const value of [0.5, 1, 1.5, 5, 5.1]) bound.record(value);
    const metric = (await collect()).get('my.ages');
    expect(metric?.descriptor).toMatchObject({ name: 'my.ages', unit: 's', description: 'Blocks.' });
    expect(metric?.dataPoints).toHaveLength(1);
    expect(metric?.dataPoints[0]).toMatchObject({
      attributes: { pool: 'a' },
      value: {
        buckets: { boundaries: [1, 2, 5], counts: [2, 1, 1, 1] },
        count: 5,
        sum: 13.1,
        min: 0.5,
        max: 5.1,
      },
    });
  });
});

describe('a counter', () => {
  test('adds to the series it is bound to; two bindings of one set are one series', async () => {
    const { meter, collect, points } = inMemoryMeter();
    const recorder = createMeterRecorder(meter);
    recorder.counter('my.blocks', counter, a).add(3);
    recorder.counter('my.blocks', counter, a).add(4);
    recorder.counter('my.blocks', counter, b).add(10);
    expect(await points('my.blocks')).toEqual([
      [a, 7],
      [b, 10],
    ]);
    const metric = (await collect()).get('my.blocks');
    expect(metric).toMatchObject({ dataPointType: DataPointType.SUM, isMonotonic: true });
    expect(metric?.descriptor).toMatchObject({ unit: '{block}', description: 'Blocks.' });
  });
});

describe('observed metrics', () => {
  const metrics = { 'my.usage': upDown, 'my.size': gauge, 'my.events': observableCounter };

  async function observed(collect: (report: Report) => void) {
    const memory = inMemoryMeter();
    const undo = createMeterRecorder(memory.meter).observe(metrics, collect);
    return { ...memory, undo };
  }

  test('are asked for once per collection, and never otherwise', async () => {
    let asked = 0;
    const { collect } = await observed(() => asked++);
    expect(asked).toBe(0);
    await collect();
    await collect();
    expect(asked).toBe(2);
  });

  test('two sources with equal attributes are added up, afresh in each collection', async () => {
    const { points } = await observed((report) => {
      report('my.usage', 3, a);
      report('my.usage', 4, a);
      report('my.usage', 10, b);
      report('my.events', 1, a);
      report('my.events', 1, a);
    });
    expect(await points('my.events')).toEqual([[a, 2]]);
    expect(await points('my.usage')).toEqual([
      [a, 7],
      [b, 10],
    ]);
  });

  test('a gauge keeps the last value', async () => {
    const { points } = await observed((report) => {
      report('my.size', 5, a);
      report('my.size', 2, a);
    });
    expect(await points('my.size')).toEqual([[a, 2]]);
  });

  test('have the kind, unit and description that was declared', async () => {
    const { collect } = await observed((report) => {
      for (const name of Object.keys(metrics)) report(name, 1, a);
    });
    const collected = await collect();
    expect(collected.get('my.usage')).toMatchObject({ dataPointType: DataPointType.SUM, isMonotonic: false });
    expect(collected.get('my.events')).toMatchObject({ dataPointType: DataPointType.SUM, isMonotonic: true });
    expect(collected.get('my.size')).toMatchObject({ dataPointType: DataPointType.GAUGE });
    for (const metric of collected.values()) {
      expect(metric.descriptor).toMatchObject({ unit: '{block}', description: 'Blocks.' });
    }
  });

  test('are not asked for after the undo', async () => {
    let asked = 0;
    const { collect, undo } = await observed(() => asked++);
    await collect();
    undo();
    undo();
    await collect();
    expect(asked).toBe(1);
  });
});

test('an instrument is made when it is first needed, and once', async () => {
  const { meter } = inMemoryMeter();
  const made: string[] = [];
  const createCounter = meter.createCounter.bind(meter);
  meter.createCounter = (name, options) => {
    made.push(name);
    return createCounter(name, options);
  };
  const recorder = createMeterRecorder(meter);
  expect(made).toEqual([]);
  recorder.counter('my.blocks', counter, a);
  recorder.counter('my.blocks', counter, b);
  expect(made).toEqual(['my.blocks']);
});

describe('a value that would spoil a series for good', () => {
  test('is refused and told, and the series goes on', async () => {
    const { meter, points } = inMemoryMeter();
    const refused: string[] = [];
    const recorder = createMeterRecorder(meter, { refuse: (error) => refused.push(error.message) });
    const bound = {
      counter: recorder.counter('my.blocks', counter, a),
      ages: recorder.histogram('my.ages', histogram, a),
    };
    for (const value of [1, Number.NaN, Number.POSITIVE_INFINITY, -1]) bound.counter.add(value);
    for (const value of [1, Number.NaN, Number.NEGATIVE_INFINITY]) bound.ages.record(value);
    expect(await points('my.blocks')).toEqual([[a, 1]]);
    expect(await points('my.ages')).toMatchObject([[a, { count: 1, sum: 1 }]]);
    expect(refused).toEqual([
      'my.blocks: NaN cannot be added',
      'my.blocks: Infinity cannot be added',
      'my.blocks: -1 cannot be added',
      'my.ages: NaN cannot be recorded',
      'my.ages: -Infinity cannot be recorded',
    ]);
  });
});
