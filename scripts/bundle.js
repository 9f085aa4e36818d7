import { readFile, rm } from 'node:fs/promises';
import { build } from 'esbuild';

/*
 * Makes a package's modules into one file an entry point, `bundle/`, which is what Node.js loads: it looks up and compiles
 * each module on its own, and an application that starts with some 150 of ours waits for all of them. Types, and the
 * modules one by one, stay in `dist/`. Dependencies, our own packages among them, are not taken in.
 *
 *   node ../../scripts/bundle.js [MODULE...]      in the package's folder, after `tsc -b`
 *
 * MODULE is the source of a file that is loaded by its place beside the bundle, such as a worker's.
 */
const [, , ...workers] = process.argv;
const OUT = 'bundle';
const { exports } = JSON.parse(await readFile('package.json', 'utf8'));
const entries = Object.values(exports).map(({ default: file }) => {
  const name = new RegExp(`^\\./${OUT}/(.+)\\.js$`).exec(file)?.[1];
  if (name === undefined) throw new Error(`package.json exports '${file}'; allowed: a file in ./${OUT}/`);
  return [name, `src/${name}.ts`];
});

await rm(OUT, { recursive: true, force: true });
await build({
  entryPoints: Object.fromEntries([
    ...entries,
    ...workers.map((source) => [source.replace(/^.*\/(.+)\.ts$/, '$1'), source]),
  ]),
  outdir: OUT,
  bundle: true,
  splitting: true,
  chunkNames: 'shared-[hash]',
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
});
