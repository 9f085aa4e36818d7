import { TIERS } from '@kvscope/core';
import { formatBytes, formatCount, formatSeconds, formatShare } from '@kvscope/report/figures';
import type { Figures } from '../figures.js';
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
  readonly malformed: number;
  /** Blocks of a prompt that are served. {block} */
  readonly maxBlocks: number;
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
  const { requests, failed, cut, malformed, seconds, blockBytes, layers, computeMs, sickness } = run;
  const failures = Object.entries(failed).map(([reason, count]) => `${formatCount(count)} ${reason}`);
  return [
    `${run.interrupted ? 'Interrupted after' : 'Served'} ${formatCount(requests)} requests in ${formatSeconds(seconds)}, on blocks of ${formatBytes(blockBytes)} in ${layers === 1 ? '1 layer' : `${layers} layers`}.`,
    `Device memory is simulated by host memory, compute by a timer of ${computeMs} ms a layer; copies and files are real.`,
    ...(sickness ? [`Sick on purpose: ${sickness.description}.`] : []),
    ...(cut > 0
      ? [
          `${formatCount(cut)} prompts had more blocks than --l0, --l1 and --concurrency leave room for: the first ${formatCount(run.maxBlocks)} of each were served.`,
        ]
      : []),
    ...(malformed > 0 ? [`${formatCount(malformed)} malformed lines were left out.`] : []),
    ...(failures.length > 0 ? [`Requests that the store refused: ${failures.join(', ')}.`] : []),
  ].join('\n');
}

/** Tables of what nobody measured are left out. */
function chain(title: string, stages: readonly Stage[] | null): string {
  if (stages === null) return '';
  const whole = stages.at(-1)?.values.sum ?? 0;
  return table(
    [title, 'count', ...SPREAD, 'of all'],
    stages.map(({ name, values }) => [name, ...distribution(values), formatShare(values.sum / whole)]),
  );
}

function io({ io }: DemoFigures): string {
  if (io.every(({ calls, bytes }) => calls === null && bytes === null)) return '';
  const shown = (value: number | null, format: (value: number) => string) =>
    value === null ? '-' : format(value);
  return table(
    ['IO of l2', 'count', ...SPREAD, 'bytes', 'aggregated', 'errors'],
    io.map(({ direction, calls, bytes, throughput, errors }) => [
      direction,
      ...(calls === null ? ['-', ...SPREAD.map(() => '-')] : distribution(calls)),
      shown(bytes, formatBytes),
      shown(throughput, (rate) => `${formatBytes(rate)}/s`),
      shown(errors, formatCount),
    ]),
  );
}

function layers({ layers, saveTail }: DemoFigures, run: DemoDescription): string {
  if (layers === null || saveTail === null) return '';
  const others = run.layers === 2 ? 'other layer' : `other ${run.layers - 1} layers`;
  const rows = layers
    .filter(({ position }) => position === 'first' || run.layers > 1)
    .map(({ position, waited, overlap, stalls }) => [
      `${position === 'first' ? 'first layer' : others}, wait`,
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
  if (occupancy === null) return '';
  return table(
    ['OCCUPANCY', 'resident', 'pinned', 'limit', 'used'],
    TIERS.map((tier) => {
      const { evictable, pinned, limit } = occupancy[tier];
      const resident = evictable + pinned;
      return [TIER_NAMES[tier], ...[resident, pinned, limit].map(formatCount), formatShare(resident / limit)];
    }),
  );
}
