/*
 * `npm run bench [-- NAME ...] [--json FILE]`: each scenario against its named peer, in a process of its own, or
 * one for each of its shapes, so that one does not spoil the other's type feedback. Figures are the medians of interleaved rounds.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import type { Comparison } from './comparison.js';
import { SHAPES } from './scenarios/shapes.js';

const SCENARIOS = ['publish', 'lifecycle', 'recording', 'replay', 'ingest', 'reuse', 'trace'];
const run = promisify(execFile);

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
const unknown = positionals.find((name) => !SCENARIOS.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no benchmark '${unknown}'. Known: ${SCENARIOS.join(', ')}\n`);
  process.exit(2);
}

const results: Comparison[] = [];
for (const name of positionals.length > 0 ? positionals : SCENARIOS) {
  const url = new URL(`scenarios/${name}.js`, import.meta.url);
  const shapes: Readonly<Record<string, readonly string[]>> = SHAPES;
  for (const shape of shapes[name] ?? [undefined]) {
    process.stderr.write(`measuring ${name}${shape === undefined ? '' : `: ${shape}`} ...\n`);
    const chosen = shape === undefined ? [] : [shape];
    const { stdout } = await run(process.execPath, ['--expose-gc', fileURLToPath(url), ...chosen]);
    results.push(...(JSON.parse(stdout) as Comparison[]));
  }
}

console.log('| what | ours (min-max) | peer | ratio | budget |');
console.log('|---|---|---|---|---|');
for (const { what, unit, ours, peer, peerName, budget } of results) {
  const spread = `${format(ours.median)} ${unit} (${format(ours.min)}-${format(ours.max)})`;
  const ratio = peer.median > 0 ? `${(ours.median / peer.median).toFixed(2)} x` : '-';
  const verdict =
    budget === undefined
      ? '-'
      : ours.median <= budget
        ? `${budget} ${unit}: met`
        : `${budget} ${unit}: missed`;
  console.log(
    `| ${what} | ${spread} | ${peerName}: ${format(peer.median)} ${unit} | ${ratio} | ${verdict} |`,
  );
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
