import { readFile, rm } from 'node:fs/promises';
import { rolldown } from 'rolldown';

/*
 * Makes a package's modules into one file an entry point, `bundle/`, which is what Node.js loads: it looks up and compiles
 * each module on its own, and an application that starts with some 150 of ours waits for all of them. Types, and the
 * modules one by one, stay in `dist/`. Dependencies, our own packages among them, are not taken in.
 *
 * The bundler has to leave constants what they are: as variables, which others make of them, they are looked up at each use,
 * and hot loops took up to twice as long.
 *
 *   node ../../scripts/bundle.js [MODULE...]      in the package's folder, after `tsc -b`
 *
 * MODULE is a file of `dist/` that is loaded by its place beside the bundle, such as a worker's.
 */
const [, , ...workers] = process.argv;
const OUT = 'bundle';
const { exports } = JSON.parse(await readFile('package.json', 'utf8'));
const entries = Object.values(exports).map(({ default: file }) => {
  const name = new RegExp(`^\\./${OUT}/(.+)\\.js$`).exec(file)?.[1];
  if (name === undefined) throw new Error(`package.json exports '${file}'; allowed: a file in ./${OUT}/`);
  return [name, `dist/${name}.js`];
});

await rm(OUT, { recursive: true, force: true });
const bundle = await rolldown({
  input: Object.fromEntries([
    ...entries,
    ...workers.map((module) => [module.replace(/^.*\/(.+)\.js$/, '$1'), module]),
  ]),
  external: /^[^./]/,
  platform: 'node',
});
await bundle.write({
  dir: OUT,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'shared-[hash].js',
  topLevelVar: false,
});
await bundle.close();
