import type { Figures } from '../figures.js';
import { countAndSum, figuresAsJson } from '../json.js';
import { curvesAsJson } from '../reuse-curve.js';
import type { DemoFigures, LayerFigures, Stage } from './demo-figures.js';
import type { DemoDescription } from './demo-summary.js';

/**
 * The object that `kvscope demo --json` prints: that of a replay, and what only an engine can tell. Seconds and
 * bytes; null where the subscriber that measures it was off.
 */
export function demoAsJson(figures: Figures, demo: DemoFigures, run: DemoDescription) {
  return {
    ...figuresAsJson(figures, run),
    seconds: run.seconds,
    failed: run.failed,
    cut: run.cut,
    tasks: { load: demo.load && byStage(demo.load), dump: demo.dump && byStage(demo.dump) },
    io: Object.fromEntries(
      demo.io.map(({ direction, calls, bytes, errors }) => [
        direction,
        { count: calls?.count ?? null, sum: calls?.sum ?? null, bytes, errors },
      ]),
    ),
    layers: demo.layers && byPosition(demo.layers),
    saveTail: countAndSum(demo.saveTail),
    curve: curvesAsJson(demo.curve),
    occupancy: demo.occupancy,
  };
}

function byStage(stages: readonly Stage[]) {
  return Object.fromEntries(
    stages.map(({ name, values }) => [name === 'end to end' ? 'total' : name, countAndSum(values)]),
  );
}

function byPosition(layers: readonly LayerFigures[]) {
  return Object.fromEntries(
    layers.map(({ position, waited, loaded, overlap, stalls }) => [
      position,
      {
        wait: countAndSum(waited),
        load: countAndSum(loaded),
        overlap: Number.isFinite(overlap) ? overlap : null,
        stalls,
      },
    ]),
  );
}
