import { TIERS } from '@kvscope/core';
import type { Figures } from '../figures.js';
import { countAndSum, figuresAsJson } from '../json.js';
import { curvesAsJson } from '../reuse-curve.js';
import type { DemoFigures, Stage } from './demo-figures.js';
import type { DemoDescription } from './demo-summary.js';

/** The object that `kvscope demo --json` prints: that of a replay, and what only an engine can tell. Seconds and bytes. */
export function demoAsJson(figures: Figures, demo: DemoFigures, run: DemoDescription) {
  const stages = (all: readonly Stage[]) =>
    Object.fromEntries(
      all.map(({ name, values }) => [name === 'end to end' ? 'total' : name, countAndSum(values)]),
    );
  return {
    ...figuresAsJson(figures, { requests: run.requests, malformed: 0 }),
    seconds: run.seconds,
    failed: run.failed,
    tasks: { load: stages(demo.load), dump: stages(demo.dump) },
    io: Object.fromEntries(
      demo.io.map(({ direction, calls, bytes, errors }) => [
        direction,
        { ...countAndSum(calls), bytes, errors },
      ]),
    ),
    layers: Object.fromEntries(
      demo.layers.map(({ position, waited, loaded, overlap, stalls }) => [
        position,
        {
          wait: countAndSum(waited),
          load: countAndSum(loaded),
          overlap: Number.isFinite(overlap) ? overlap : null,
          stalls,
        },
      ]),
    ),
    saveTail: countAndSum(demo.saveTail),
    curve: curvesAsJson(demo.curve),
    occupancy: Object.fromEntries(TIERS.map((tier) => [tier, demo.occupancy[tier]])),
  };
}
