import { TIERS } from '@kvscope/core';
import type { Figures } from '../figures.js';
import { formatBytes, formatCount, formatSeconds, formatShare } from '../format.js';
import { curveSummary } from '../reuse-curve.js';
import { distribution, hitRatios, QUANTILES, TIER_NAMES } from '../summary.js';
import { table } from '../table.js';
import type { DemoFigures, Stage } from './demo-figures.js';
import type { DemoRun } from './demo-run.js';
import type { Sickness } from './sickness.js';
import type { WorkloadResult } from './workload.js';

export interface DemoDescription
  extends WorkloadResult,
    Pick<DemoRun, 'blockBytes' | 'layers' | 'computeMs' | 'tiers' | 'sampleRate'> {
  readonly seconds: number;
  readonly interrupted: boolean;
  readonly sickness: Sickness | undefined;
}

const SPREAD = ['mean', ...QUANTILES.map((q) => `p${q * 100}`)];

/** What an operator wants to know of the run. */
export function demoSummary(figures: Figures, demo: DemoFigures, run: DemoDescription): string {
  return [
    heading(run),
    hitRatios(figures),
    chain('LOAD, by stage', demo.load),
    chain('DUMP, by stage', demo.dump),
    io(demo),
    layers(demo, run),
    curveSummary(demo.curve, run.sampleRate),
    occupancy(demo),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function heading(run: DemoDescription): string {
  const { requests, failed, seconds, blockBytes, layers, computeMs, sickness } = run;
  const failures = Object.entries(failed).map(([reason, count]) => `${formatCount(count)} ${reason}`);
  return [
    `${run.interrupted ? 'Interrupted after' : 'Served'} ${formatCount(requests)} requests in ${formatSeconds(seconds)}, on blocks of ${formatBytes(blockBytes)} in ${layers} layers.`,
    `Device memory is simulated by host memory, compute by a timer of ${computeMs} ms a layer; copies and files are real.`,
    ...(sickness ? [`Sick on purpose: ${sickness.description}.`] : []),
    ...(failures.length > 0 ? [`Requests that the store refused: ${failures.join(', ')}.`] : []),
  ].join('\n');
}

function chain(title: string, stages: readonly Stage[]): string {
  const whole = stages.at(-1)?.values.sum ?? 0;
  return table(
    [title, 'count', ...SPREAD, 'of all'],
    stages.map(({ name, values }) => [name, ...distribution(values), formatShare(values.sum / whole)]),
  );
}

function io({ io }: DemoFigures): string {
  return table(
    ['IO of l2', 'count', ...SPREAD, 'bytes', 'aggregated', 'errors'],
    io.map(({ direction, calls, bytes, throughput, errors }) => [
      direction,
      ...distribution(calls),
      formatBytes(bytes),
      `${formatBytes(throughput)}/s`,
      formatCount(errors),
    ]),
  );
}

function layers({ layers, saveTail }: DemoFigures, run: DemoDescription): string {
  const rows = layers.map(({ position, waited, overlap, stalls }) => [
    `${position === 'first' ? 'first layer' : `other ${run.layers - 1} layers`}, wait`,
    ...distribution(waited),
    formatShare(overlap),
    formatCount(stalls),
  ]);
  return table(
    ['LAYERS', 'count', ...SPREAD, 'overlap', 'stalls'],
    [...rows, ['save tail of a batch', ...distribution(saveTail), '', '']],
  );
}

function occupancy({ occupancy }: DemoFigures): string {
  return table(
    ['OCCUPANCY', 'resident', 'pinned', 'limit', 'used'],
    TIERS.map((tier) => {
      const { evictable, pinned, limit } = occupancy[tier];
      const resident = evictable + pinned;
      return [TIER_NAMES[tier], ...[resident, pinned, limit].map(formatCount), formatShare(resident / limit)];
    }),
  );
}
