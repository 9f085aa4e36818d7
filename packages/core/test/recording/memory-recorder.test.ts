import { expect, test } from 'vitest';
import type { MetricDeclaration } from '../../src/metrics/declaration.ts';
import { MemoryRecorder } from '../../src/recording/memory-recorder.ts';

const counter: MetricDeclaration = {
  instrument: 'counter',
  unit: '{block}',
  description: 'Blocks.',
  grain: 'block',
  attributes: [],
};
const a = { tier: 'l0', pool: 'a' };
const b = { tier: 'l1', pool: 'a' };

test('keeps every measurement, in order, and finds them by name and attributes', () => {
  const recorder = new MemoryRecorder();
  const [ofA, ofB] = [recorder.counter('my.blocks', counter, a), recorder.counter('my.blocks', counter, b)];
  ofA.add(1);
  ofB.add(10);
  ofA.add(2);
  recorder.histogram('my.ages', counter, a).record(0.5);
  expect(recorder.values('my.blocks')).toEqual([1, 10, 2]);
  expect(recorder.values('my.blocks', { tier: 'l0' })).toEqual([1, 2]);
  expect(recorder.sum('my.blocks', { tier: 'l1', pool: 'a' })).toBe(10);
  expect(recorder.values('my.blocks', { tier: 'l2' })).toEqual([]);
  expect(recorder.sum('my.missing')).toBe(0);
  expect(recorder.measurements).toHaveLength(4);
  expect([...recorder.declared.keys()]).toEqual(['my.blocks', 'my.ages']);
});

test('collects when asked, until the undo', () => {
  const recorder = new MemoryRecorder();
  let value = 0;
  const undo = recorder.observe({ 'my.usage': counter }, (report) => {
    report('my.usage', ++value, a);
    report('my.usage', 100, b);
  });
  expect(recorder.callbacks).toBe(1);
  expect(recorder.observed('my.usage', { tier: 'l0' })).toEqual([1]);
  expect(recorder.observed('my.usage')).toEqual([2, 100]);
  undo();
  expect(recorder.callbacks).toBe(0);
  expect(recorder.observed('my.usage')).toEqual([]);
});
