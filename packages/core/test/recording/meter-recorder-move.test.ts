import { describe, expect, test } from 'vitest';
import type { MetricDeclaration } from '../../src/metrics/declaration.ts';
import { createMeterRecorder } from '../../src/recording/meter-recorder.ts';
import { inMemoryMeter } from '../in-memory-meter.ts';

const counter: MetricDeclaration = {
  instrument: 'counter',
  unit: '{block}',
  description: 'Blocks.',
  grain: 'block',
  attributes: [],
};
const histogram: MetricDeclaration = { ...counter, instrument: 'histogram', unit: 's', boundaries: [1, 2] };
const upDown: MetricDeclaration = { ...counter, instrument: 'observableUpDownCounter' };
const none = Object.freeze({});

function setup() {
  const [before, after] = [inMemoryMeter(), inMemoryMeter()];
  return { before, after, recorder: createMeterRecorder(before.meter) };
}

describe('after setMeter', () => {
  test('what was bound before records to the other meter, and only to it', async () => {
    const { before, after, recorder } = setup();
    const blocks = recorder.counter('my.blocks', counter, none);
    const ages = recorder.histogram('my.ages', histogram, none);
    blocks.add(1);
    recorder.setMeter(after.meter);
    blocks.add(10);
    ages.record(1.5);
    expect(await before.points('my.blocks')).toEqual([[{}, 1]]);
    expect(await after.points('my.blocks')).toEqual([[{}, 10]]);
    expect((await after.points('my.ages'))[0]?.[1]).toMatchObject({
      buckets: { boundaries: [1, 2], counts: [0, 1, 0] },
    });
    expect(await before.points('my.ages')).toEqual([]);
  });

  test('what is bound later records to the other meter', async () => {
    const { before, after, recorder } = setup();
    recorder.setMeter(after.meter);
    recorder.counter('my.blocks', counter, none).add(2);
    expect(await after.points('my.blocks')).toEqual([[{}, 2]]);
    expect(await before.points('my.blocks')).toEqual([]);
  });

  test('the other meter observes, the one before no more', async () => {
    const { before, after, recorder } = setup();
    let asked = 0;
    const undo = recorder.observe({ 'my.usage': upDown }, (report) => report('my.usage', ++asked, none));
    recorder.setMeter(after.meter);
    await before.collect();
    expect(asked).toBe(0);
    expect(await after.points('my.usage')).toEqual([[{}, 1]]);
    undo();
    await after.collect();
    expect(asked).toBe(1);
  });

  test('what was undone before stays undone', async () => {
    const { after, recorder } = setup();
    let asked = 0;
    recorder.observe({ 'my.usage': upDown }, () => asked++)();
    recorder.setMeter(after.meter);
    await after.collect();
    expect(asked).toBe(0);
  });

  test('the same meter again changes nothing', async () => {
    const { before, recorder } = setup();
    let asked = 0;
    recorder.observe({ 'my.usage': upDown }, () => asked++);
    recorder.setMeter(before.meter);
    await before.collect();
    expect(asked).toBe(1);
  });
});
