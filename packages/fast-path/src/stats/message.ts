import type { AttributeSet, InstrumentKind, MetricDeclaration } from '@kvscope/core';
import type { PointValue } from '../cells/cells.js';
import type { Taken } from '../taken.js';

/** Tells our messages from the application's own on the same channel; the number is the version of their shape. */
export const STATS = 'stats.1';

/** What a metric gathered in a worker since the worker's last message; of what is observed, what stands. */
export interface MetricStats {
  readonly name: string;
  readonly instrument: InstrumentKind;
  readonly unit: string;
  readonly description: string;
  readonly boundaries?: readonly number[];
  readonly points: readonly (readonly [attributes: AttributeSet, value: PointValue])[];
}

/** What a worker sends at each interval. */
export interface StatsMessage {
  readonly kvscope: typeof STATS;
  /** Which worker, in words for a person: process and thread. */
  readonly worker: string;
  /** Another one each time a worker starts. */
  readonly incarnation: string;
  /** Counts the messages of an incarnation from 1. */
  readonly sequence: number;
  readonly metrics: readonly MetricStats[];
}

export function metricStats({ name, declaration, points }: Taken): MetricStats {
  const { instrument, unit, description, boundaries } = declaration;
  return {
    name,
    instrument,
    unit,
    description,
    ...(boundaries && { boundaries }),
    points: points.map(({ attributes, value }) => [attributes, value]),
  };
}

/** The declaration of a metric as far as it is forwarded. */
export function declarationOf({ instrument, unit, description, boundaries }: MetricStats): MetricDeclaration {
  return { instrument, unit, description, grain: '', attributes: [], ...(boundaries && { boundaries }) };
}
