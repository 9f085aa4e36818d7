/*
 * `npm run bench [-- NAME ...] [--runs N] [--json FILE] [--check]`: each scenario against its named peer, shape by shape in a
 * process of its own. Figures are the medians of interleaved rounds in which nobody else slowed the core down. --runs measures
 * each shape so often and keeps the run with fewest rows that had too few such rounds, then the one in which the peer was
 * quickest, whatever ours was. A whole run into
 * test/bench/results.json, then `npm run docs`, writes docs/benchmarks.md anew. Exit code 1 with --check when a budget is
 * missed, 2 for wrong usage.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { type Comparison, isMet } from './comparison.js';
import { PACE_VARIABLE, quickestPace } from './pace.js';
import { GROUPS, SHAPES } from './scenarios/shapes.js';

type Name = keyof typeof SHAPES;
const NAMES = Object.keys(SHAPES) as Name[];
const MOST_RUNS = 100;
/** How long the core's own pace is measured before each shape. */
const PACE_MS = 500;
const USAGE = `Usage: npm run bench -- [NAME ...] [--runs N] [--json FILE] [--check]\nNames: ${NAMES.join(', ')}; default: all\n--runs: measure each so often and keep the run that others disturbed least, then in which its peer was quickest; 1 to ${MOST_RUNS}, default: 1`;
const run = promisify(execFile);

function readArguments() {
  try {
    const options = {
      json: { type: 'string' },
      runs: { type: 'string', default: '1' },
      check: { type: 'boolean' },
      help: { type: 'boolean' },
    } as const;
    const { values, positionals } = parseArgs({ allowPositionals: true, options });
    const unknown = positionals.find((name) => !NAMES.includes(name as Name));
    if (unknown !== undefined) throw new RangeError(`There is no benchmark '${unknown}'.`);
    const runs = Number(values.runs);
    if (!Number.isInteger(runs) || runs < 1 || runs > MOST_RUNS) {
      throw new RangeError(`--runs is '${values.runs}'; allowed: a whole number from 1 to ${MOST_RUNS}.`);
    }
    return { ...values, runs, names: positionals.length > 0 ? (positionals as Name[]) : NAMES };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    return process.exit(2);
  }
}

const { names, json, runs, check = false, help = false } = readArguments();
if (help) {
  console.log(USAGE);
  process.exit();
}

const shapes = names.flatMap((name) => SHAPES[name].map((shape) => ({ name, shape })));
const best: Comparison[][] = [];
// All of them, then all again: a calm minute then falls to some and the next one to others.
for (let pass = 0; pass < runs; pass++) {
  for (const [i, { name, shape }] of shapes.entries()) {
    process.stderr.write(`measuring ${name}: ${shape}${runs > 1 ? ` (${pass + 1} of ${runs})` : ''} ...\n`);
    const script = fileURLToPath(new URL(`scenarios/${name}.js`, import.meta.url));
    const env = { ...process.env, [PACE_VARIABLE]: String(quickestPace(PACE_MS)) };
    const { stdout } = await run(process.execPath, ['--expose-gc', script, shape], { env });
    const measured = JSON.parse(stdout) as Comparison[];
    const before = best[i];
    if (before === undefined || isBetter(measured, before)) best[i] = measured;
    // After each: a run takes long, and what has been measured is not lost with what has not.
    if (json !== undefined) await write(json);
  }
}
const results = measuredSoFar();

console.log('| what | ours (min-max) | peer | ratio | budget |');
console.log('|---|---|---|---|---|');
for (const { what, scale, unit, ours, peer, peerName, peerUnit, budget, ratio, disturbed, met } of results) {
  const named = scale === undefined ? what : `${what} (${scale})`;
  const spread = `${format(ours.median)} ${unit} (${format(ours.min)}-${format(ours.max)})`;
  const beside =
    peerUnit === undefined && peer.median > 0 ? `${(ours.median / peer.median).toPrecision(2)} x` : '-';
  const allowed = [budget && `${budget} ${unit}`, ratio && `${ratio.toPrecision(2)} x`]
    .filter(Boolean)
    .join(', ');
  const meanwhile = disturbed ? ' (the core was slowed down)' : '';
  const verdict = met === undefined ? '-' : `${allowed}: ${met ? 'met' : 'missed'}${meanwhile}`;
  console.log(
    `| ${named} | ${spread} | ${peerName}: ${format(peer.median)} ${peerUnit ?? unit} | ${beside} | ${verdict} |`,
  );
}
const missed = results.filter(({ met }) => met === false);
console.log(`\n${missed.length === 0 ? 'Every budget is met.' : 'What falls short:'}`);
for (const { what, ours, unit, budget, ratio, peer } of missed) {
  const allowed = Math.min(budget ?? Infinity, (ratio ?? Infinity) * peer.median);
  console.log(
    `- ${what}: ${format(ours.median)} ${unit}, ${(ours.median / allowed).toFixed(2)} x what it may be`,
  );
}
process.exitCode = check && missed.length > 0 ? 1 : 0;

function measuredSoFar() {
  return shapes.flatMap(({ name }, i) =>
    (best[i] ?? []).map((result) => ({ group: GROUPS[name], ...result, met: isMet(result) })),
  );
}

async function write(file: string): Promise<void> {
  const measured = new Date().toISOString().slice(0, 10);
  const cores = availableParallelism();
  const all = { measured, runs, node: process.version, cores, results: measuredSoFar() };
  try {
    await writeFile(file, `${JSON.stringify(all, null, 2)}\n`);
  } catch (error) {
    process.stderr.write(`--json ${file} cannot be written: ${(error as Error).message}\n`);
    process.exit(2);
  }
}

/** Whether one run of the same was measured on a calmer machine than another. */
function isBetter(one: readonly Comparison[], other: readonly Comparison[]): boolean {
  const [disturbed, before] = [one, other].map((run) => run.filter((row) => row.disturbed).length);
  return disturbed === before ? peersOf(one) < peersOf(other) : (disturbed as number) < (before as number);
}

/** How long the peers of a run took. */
function peersOf(comparisons: readonly Comparison[]): number {
  return comparisons.reduce((sum, { peer }) => sum + peer.median, 0);
}

function format(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
