import { expect, expectTypeOf, test } from 'vitest';
import {
  type AttributeValues,
  attribute,
  defineMetrics,
  openAttribute,
} from '../../src/metrics/declaration.ts';
import { layerwiseMetrics } from '../../src/metrics/layerwise.ts';
import { transferMetrics } from '../../src/metrics/transfer.ts';

const counter = { instrument: 'counter', unit: '{thing}', description: 'Things.', grain: 'thing' } as const;

test('an attribute is always there unless it says otherwise', () => {
  expect(attribute('my.color', ['red']).presence).toBe('always');
  expect(attribute('error.type', ['timeout'], 'on failure').presence).toBe('on failure');
  expect(openAttribute('my.name', 16)).toEqual({
    name: 'my.name',
    values: ['_OTHER'],
    presence: 'when known',
    maxValues: 16,
  });
});

test('types: undefined stands only where an attribute may be absent', () => {
  const { metrics } = defineMetrics('mine', {
    'my.things': {
      ...counter,
      attributes: [
        attribute('my.color', ['red', 'green']),
        attribute('error.type', ['timeout'], 'on failure'),
        openAttribute('my.name', 16),
      ],
    },
  });
  expectTypeOf<AttributeValues<(typeof metrics)['my.things']>>().toEqualTypeOf<
    readonly ['red' | 'green', 'timeout' | undefined, string | undefined]
  >();
});

test('types: a metric that is about one operation takes no other', () => {
  const { metrics } = transferMetrics;
  expectTypeOf<AttributeValues<(typeof metrics)['kv_cache.task.wait.duration']>>().toEqualTypeOf<
    readonly ['load']
  >();
  expectTypeOf<AttributeValues<(typeof metrics)['kv_cache.task.handoff.duration']>>().toEqualTypeOf<
    readonly ['dump']
  >();
});

test('reasons to abandon: only requests are aborted', () => {
  const reasons = (metric: { attributes: readonly { values: readonly string[] }[] }) =>
    metric.attributes[0]?.values;
  expect(reasons(transferMetrics.metrics['kv_cache.request.transfer.abandoned'])).toContain('aborted');
  expect(reasons(layerwiseMetrics.metrics['kv_cache.layer.batches_abandoned'])).not.toContain('aborted');
});
