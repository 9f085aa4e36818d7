/*
 * `npm run bench [-- NAME ...] [--json FILE] [--check]`: each scenario against its named peer, shape by shape in a process of
 * its own. Figures are the medians of interleaved rounds. A whole run into test/bench/results.json, then `npm run docs`, writes
 * docs/benchmarks.md anew. Exit code 1 with --check when a budget is missed, 2 for wrong usage.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { type Comparison, isMet } from './comparison.js';
import { GROUPS, SHAPES } from './scenarios/shapes.js';

type Name = keyof typeof SHAPES;
const NAMES = Object.keys(SHAPES) as Name[];
const USAGE = `Usage: npm run bench -- [NAME ...] [--json FILE] [--check]\nNames: ${NAMES.join(', ')}; default: all`;
const run = promisify(execFile);

function readArguments() {
  try {
    const options = {
      json: { type: 'string' },
      check: { type: 'boolean' },
      help: { type: 'boolean' },
    } as const;
    const { values, positionals } = parseArgs({ allowPositionals: true, options });
    const unknown = positionals.find((name) => !NAMES.includes(name as Name));
    if (unknown !== undefined) throw new RangeError(`There is no benchmark '${unknown}'.`);
    return { ...values, names: positionals.length > 0 ? (positionals as Name[]) : NAMES };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    return process.exit(2);
  }
}

const { names, json, check = false, help = false } = readArguments();
if (help) {
  console.log(USAGE);
  process.exit();
}

const results: (Comparison & { group: string; met: boolean | undefined })[] = [];
for (const name of names) {
  const script = fileURLToPath(new URL(`scenarios/${name}.js`, import.meta.url));
  for (const shape of SHAPES[name]) {
    process.stderr.write(`measuring ${name}: ${shape} ...\n`);
    const chosen = shape === 'all' ? [] : [shape];
    const { stdout } = await run(process.execPath, ['--expose-gc', script, ...chosen]);
    for (const result of JSON.parse(stdout) as Comparison[]) {
      results.push({ group: GROUPS[name], ...result, met: isMet(result) });
    }
  }
}

console.log('| what | ours (min-max) | peer | ratio | budget |');
console.log('|---|---|---|---|---|');
for (const { what, scale, unit, ours, peer, peerName, peerUnit, budget, ratio, met } of results) {
  const named = scale === undefined ? what : `${what} (${scale})`;
  const spread = `${format(ours.median)} ${unit} (${format(ours.min)}-${format(ours.max)})`;
  const beside =
    peerUnit === undefined && peer.median > 0 ? `${(ours.median / peer.median).toPrecision(2)} x` : '-';
  const allowed = [budget && `${budget} ${unit}`, ratio && `${ratio.toPrecision(2)} x`]
    .filter(Boolean)
    .join(', ');
  const verdict = met === undefined ? '-' : `${allowed}: ${met ? 'met' : 'missed'}`;
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
if (json !== undefined) {
  const measured = new Date().toISOString().slice(0, 10);
  const all = { measured, node: process.version, cores: availableParallelism(), results };
  await writeFile(json, `${JSON.stringify(all, null, 2)}\n`);
}
process.exitCode = check && missed.length > 0 ? 1 : 0;

function format(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
