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
  readonly peerUnit?: string;
  /** What the peer took where the budget was set, from and to. */
  readonly peerThen?: readonly [number, number];
  readonly budget?: number;
  readonly ratio?: number;
  /** Whether others slowed the core down in too many rounds to leave them out. */
  readonly disturbed?: boolean;
  readonly met?: boolean;
}

interface Results {
  readonly measured: string;
  /** How often each row was measured. */
  readonly runs: number;
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
scenario. A core that others share is at times half as fast, and no figure tells by itself whether it was: so a loop on registers
alone runs before and after each round, and rounds count that had it within 15 % of its best. Where too few had, the row says so.
The tasks of the store take turns and all count: what slows one down does so to its neighbour.
Compare ratios, not nanoseconds: those are of whatever ran it. \`npm run bench -- lifecycle\` measures one group,
\`--json FILE\` keeps the figures, \`--check\` ends with exit code 1 when a budget is missed. Nothing here is part of \`npm test\`.`;

const KNOWN = `What is known about them:

- **Disturbed rows**: other users of the machine had a part of the core for most of the time that was waited. Such a figure is an
  upper bound of what the row takes alone; the peer beside it tells how slow the machine was.
- **Lifecycle at rate 1, 64 k and 1 M live**: every block is a miss of the caches in its index and its record. Following a chain of loads
  through 4 MB takes 122 ns a load here, and 170 ns through 16 MB: the budget is 1.5 of the former with 64 k blocks live, and 1.6 of the
  latter with a million. The Map of objects beside it takes more than twice as long, and more than the budgets assume for it.
- **Store, tasks of 256 blocks**: 400 pairs, too few for this machine: the median is 0.43 %, and the bound is where chance may put it.
  Tasks of 64 blocks, of which there were 1,700 pairs, cost more by nature. A profile has 75 us of instrumentation in one that takes 17 to 22 ms.`;

/** benchmarks.md: what things cost, from the committed results of the last whole run. */
export function benchmarksPage(): Page {
  const { measured, runs, node, cores, results } = JSON.parse(
    readFileSync(benchmarkResults(), 'utf8'),
  ) as Results;
  const groups = [...new Set(results.map(({ group }) => group))];
  const missed = results.filter(({ met }) => met === false);
  return generatedPage('benchmarks.md', 'Benchmarks', 'test/bench/results.json', [
    INTRODUCTION,
    `Measured on ${measured} with Node.js ${node} on ${cores} cores of a machine that others use as well${oftenness(runs)}: ${results.filter(({ met }) => met === true).length} budgets met, ${missed.length} missed.`,
    ...(missed.length > 0 ? ['## What falls short', missed.map(shortfall).join('\n'), KNOWN] : []),
    ...groups.flatMap((group) => [`## ${group}`, comparisons(results.filter((row) => row.group === group))]),
    '## Quoted',
    'Figures that others publish or that were read off their code at work; they were not measured in the same run.',
    table(['what', 'whose', 'figure'], QUOTED),
    'What a core, a node and a fleet cost: [Scaling](scaling.md).',
  ]);
}

function oftenness(runs: number): string {
  if (runs === 1) return '';
  return `, up to ${runs} times each, of which the run counts that was disturbed least, then in which the peer was quickest, whatever ours was`;
}

function comparisons(rows: readonly Comparison[]): string {
  return table(
    ['what', 'ours (min-max)', 'peer', 'ours / peer', 'budget', ''],
    rows.map((row) => [
      row.scale === undefined ? row.what : `${row.what} (${row.scale})`,
      `${figure(row.ours.median)} ${row.unit} (${figure(row.ours.min)}-${figure(row.ours.max)})`,
      `${row.peerName}: ${figure(row.peer.median)} ${row.peerUnit ?? row.unit}`,
      row.peerUnit === undefined && row.peer.median > 0
        ? `${figure(row.ours.median / row.peer.median)} x`
        : '',
      budget(row),
      verdict(row),
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

function verdict({ met, disturbed }: Comparison): string {
  const parts = [met === undefined ? [] : [met ? 'met' : 'missed'], disturbed ? ['disturbed'] : []];
  return parts.flat().join(', ');
}

function shortfall(row: Comparison): string {
  const scale = row.scale === undefined ? '' : ` (${row.scale})`;
  const budgeted = `${figure(row.ours.median)} ${row.unit}, budget ${budget(row)}`;
  return `- ${row.what}${scale}: ${budgeted}${besideThen(row)}${row.disturbed ? '; disturbed' : ''}`;
}

/** How the peer's figure compares to the one that the budget was set beside: what is the machine's part of a shortfall. */
function besideThen({ ours, peer, peerThen, unit, budget: most }: Comparison): string {
  if (peerThen === undefined || most === undefined) return '';
  const [least, greatest] = peerThen.map((then) => figure(peer.median / then)).reverse() as [string, string];
  const times = figure(ours.median / most);
  return `, ${times} x; the peer takes ${figure(peer.median)} ${unit}, ${least} to ${greatest} x what it took where the budget was set`;
}

function figure(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}
