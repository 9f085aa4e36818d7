import { parseArgs } from 'node:util';
import { generatedPages, stalePages, writePages } from './pages.js';
import { PAGES_FOLDER } from './repository.js';

const USAGE = 'Usage: node docs/dist/generate.js [--check] [FOLDER]';

function readArguments() {
  try {
    return parseArgs({ options: { check: { type: 'boolean', default: false } }, allowPositionals: true });
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(2);
  }
}

const { values, positionals } = readArguments();
const folder = positionals[0] ?? PAGES_FOLDER;
const pages = generatedPages();

if (values.check) {
  const stale = await stalePages(pages, folder);
  for (const file of stale) console.error(`${file} is not what the code says: run \`npm run docs\``);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  await writePages(pages, folder);
  console.log(`wrote ${pages.map(({ file }) => file).join(', ')}`);
}
