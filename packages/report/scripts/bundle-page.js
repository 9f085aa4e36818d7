import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';

/** Makes the script and the style of the page, which stand in it whole: dist/bundle/page.js and page.css. */
const folder = new URL('../', import.meta.url).pathname;
const uplot = JSON.parse(await readFile(new URL(import.meta.resolve('uplot/package.json')), 'utf8'));

await build({
  absWorkingDir: folder,
  entryPoints: { page: 'src/browser/main.ts' },
  outdir: 'dist/bundle',
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['chrome111', 'firefox113', 'safari16.4'],
  charset: 'ascii',
  banner: {
    js: `/*! With uPlot ${uplot.version}, MIT licence, ${uplot.homepage ?? 'https://github.com/leeoniya/uPlot'} */`,
  },
  logLevel: 'warning',
});

// Such text would end the element that holds the script or the style.
for (const name of ['page.js', 'page.css']) {
  const text = await readFile(new URL(`../dist/bundle/${name}`, import.meta.url), 'utf8');
  if (/<\/(script|style)|<!--/i.test(text))
    throw new Error(`${name} cannot stand in a page: it ends its element`);
}
