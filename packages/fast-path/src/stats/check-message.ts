import { type InstrumentKind, requireThat } from '@kvscope/core';
import type { PointValue } from '../cells/cells.js';
import { STATS, type StatsMessage } from './message.js';

const INSTRUMENTS: readonly InstrumentKind[] = [
  'histogram',
  'counter',
  'observableCounter',
  'observableUpDownCounter',
  'observableGauge',
];
const MAX_METRICS = 1000;
const MAX_POINTS = 10_000;
const MAX_BUCKETS = 2048;
const MAX_ATTRIBUTES = 16;
const MAX_TEXT = 1024;

type Fields = Readonly<Record<string, unknown>>;

/** Whether a message is meant for us, whatever is in it. */
export function isStats(message: unknown): message is Fields {
  return isObject(message) && message.kvscope === STATS;
}

/** @throws RangeError when it cannot be taken in; the message names the field, and nothing of it may be used */
export function checkMessage(message: Fields): StatsMessage {
  const { worker, incarnation, sequence, metrics } = message;
  text('worker', worker);
  text('incarnation', incarnation);
  requireThat(Number.isSafeInteger(sequence) && (sequence as number) > 0, 'sequence', sequence, 'from 1 up');
  list('metrics', metrics, MAX_METRICS);
  let points = 0;
  for (const metric of metrics) points += checkMetric(metric);
  requireThat(points <= MAX_POINTS, 'points', points, `at most ${MAX_POINTS}`);
  return message as unknown as StatsMessage;
}

function checkMetric(metric: unknown): number {
  requireThat(isObject(metric), 'metric', metric, 'an object');
  const { name, instrument, unit, description, boundaries, points } = metric;
  text('name', name);
  text('unit', unit);
  text('description', description);
  requireThat(INSTRUMENTS.includes(instrument as never), 'instrument', instrument, INSTRUMENTS.join(', '));
  requireThat(
    (instrument === 'histogram') === (boundaries !== undefined),
    'boundaries',
    boundaries,
    'those of a histogram',
  );
  if (boundaries !== undefined) numbers('boundaries', boundaries);
  list('points', points, MAX_POINTS);
  for (const point of points) {
    list('point', point, 2);
    checkAttributes(point[0]);
    if (instrument === 'histogram') checkHistogram(point[1]);
    else requireThat(Number.isFinite(point[1]), 'value', point[1], 'a finite number');
  }
  return points.length;
}

function checkAttributes(attributes: unknown): void {
  requireThat(isObject(attributes), 'attributes', attributes, 'an object');
  const values = Object.values(attributes);
  requireThat(values.length <= MAX_ATTRIBUTES, 'attributes', values.length, `at most ${MAX_ATTRIBUTES}`);
  for (const value of values) {
    if (typeof value === 'string') text('attribute', value);
    else
      requireThat(
        typeof value === 'boolean' || Number.isFinite(value),
        'attribute',
        value,
        'text, numbers or booleans',
      );
  }
}

function checkHistogram(value: unknown): asserts value is PointValue {
  requireThat(isObject(value), 'histogram', value, 'an object');
  for (const field of ['sum', 'min', 'max'] as const) {
    requireThat(Number.isFinite(value[field]), field, value[field], 'a finite number');
  }
  if (isObject(value.buckets)) {
    const { boundaries, counts } = value.buckets;
    numbers('boundaries', boundaries);
    amounts('counts', counts);
    requireThat(counts.length === boundaries.length + 1, 'counts', counts.length, 'one more than boundaries');
    return;
  }
  requireThat(isObject(value.positive), 'positive', value.positive, 'buckets');
  const { offset, bucketCounts } = value.positive;
  amounts('bucketCounts', bucketCounts);
  const { scale, zeroCount } = value;
  amounts('zeroCount', [zeroCount]);
  requireThat(inRange(scale, -10, 20), 'scale', scale, 'a whole number from -10 to 20');
  requireThat(inRange(offset, -(2 ** 20), 2 ** 20), 'offset', offset, 'a whole number up to 2^20');
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inRange(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function text(field: string, value: unknown): asserts value is string {
  const fits = typeof value === 'string' && value.length <= MAX_TEXT;
  requireThat(fits, field, value, `text of at most ${MAX_TEXT} characters`);
}

function list(field: string, value: unknown, most: number): asserts value is unknown[] {
  requireThat(Array.isArray(value) && value.length <= most, field, value, `a list of at most ${most}`);
}

function numbers(field: string, value: unknown): asserts value is number[] {
  list(field, value, MAX_BUCKETS);
  requireThat(value.every(Number.isFinite), field, value, 'finite numbers');
}

function amounts(field: string, value: unknown): asserts value is number[] {
  numbers(field, value);
  requireThat(
    value.every((amount) => amount >= 0),
    field,
    value,
    'numbers from 0 up',
  );
}
