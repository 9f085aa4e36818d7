import { readFileSync } from 'node:fs';
import { generatedPage, type Page } from './page.js';
import { benchmarkResults } from './repository.js';
import { table } from './table.js';

interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One measured comparison, as `npm run bench` writes it. */
interface Comparison {
  readonly group: string;
  readonly what: string;
  readonly scale?: string;
  readonly unit: string;
  readonly ours: Spread;
  readonly peerName: string;
  readonly peer: Spread;
  readonly budget?: number;
  readonly ratio?: number;
  readonly met?: boolean;
}

interface Results {
  readonly measured: string;
  readonly node: string;
  readonly cores: number;
  readonly results: readonly Comparison[];
}

/** Figures of others in other languages, which no benchmark here can run. */
const QUOTED = [
  ['lifecycle at rate 0.01, per block', "LMCache's lifecycle subscriber (Python)", '362 ns'],
  ['lifecycle at rate 1, per block', "LMCache's lifecycle subscriber (Python)", '5,000-6,100 ns'],
  ['ghost sweep with 100,000 ghosts, per event', "LMCache's lifecycle subscriber (Python)", '7.8 ms'],
  ['one recorded measurement', "OTel Java's bound histogram", '11-13 ns'],
  ['one trace record', "MLPerf's emitter (Python)", '230-330 ns'],
  ['store with the trace on', 'MLPerf -vvv (Python)', '4.5-7.8 % slower'],
] as const;

const INTRODUCTION = `Each row is a scenario of \`npm run bench\`, measured beside its peer in one run: medians of interleaved rounds, one process a
scenario. Compare ratios, not nanoseconds: those are of whatever ran it. \`npm run bench -- lifecycle\` measures one group,
\`--json FILE\` keeps the figures, \`--check\` ends with exit code 1 when a budget is missed. Nothing here is part of \`npm test\`.`;

/** benchmarks.md: what things cost, from the committed results of the last whole run. */
export function benchmarksPage(): Page {
  const { measured, node, cores, results } = JSON.parse(readFileSync(benchmarkResults(), 'utf8')) as Results;
  const groups = [...new Set(results.map(({ group }) => group))];
  const missed = results.filter(({ met }) => met === false);
  return generatedPage('benchmarks.md', 'Benchmarks', 'test/bench/results.json', [
    INTRODUCTION,
    `Measured on ${measured} with Node.js ${node} on ${cores} shared cores: ${results.filter(({ met }) => met === true).length} budgets met, ${missed.length} missed.`,
    ...(missed.length > 0 ? ['## What falls short', missed.map(shortfall).join('\n')] : []),
    ...groups.flatMap((group) => [`## ${group}`, comparisons(results.filter((row) => row.group === group))]),
    '## Quoted',
    'Figures that others publish or that were read off their code at work; they were not measured in the same run.',
    table(['what', 'whose', 'figure'], QUOTED),
    'What a core, a node and a fleet cost: [Scaling](scaling.md).',
  ]);
}

function comparisons(rows: readonly Comparison[]): string {
  return table(
    ['what', 'ours (min-max)', 'peer', 'ours / peer', 'budget', ''],
    rows.map((row) => [
      row.scale === undefined ? row.what : `${row.what} (${row.scale})`,
      `${figure(row.ours.median)} ${row.unit} (${figure(row.ours.min)}-${figure(row.ours.max)})`,
      `${row.peerName}: ${figure(row.peer.median)} ${row.unit}`,
      row.peer.median > 0 ? `${figure(row.ours.median / row.peer.median)} x` : '',
      budget(row),
      row.met === undefined ? '' : row.met ? 'met' : 'missed',
    ]),
  );
}

function budget({ budget: most, ratio, unit }: Comparison): string {
  const parts = [
    most === undefined ? [] : [`${figure(most)} ${unit}`],
    ratio === undefined ? [] : [`${figure(ratio)} x`],
  ];
  return parts.flat().join(', ');
}

function shortfall(row: Comparison): string {
  const scale = row.scale === undefined ? '' : ` (${row.scale})`;
  return `- ${row.what}${scale}: ${figure(row.ours.median)} ${row.unit}, budget ${budget(row)}`;
}

function figure(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}
