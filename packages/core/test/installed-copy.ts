import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const require = createRequire(import.meta.url);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** Installs the built package with what it depends on in a folder of its own, for one test. Returns the folder. */
export async function installCopy(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'kvscope-copy-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const modules = join(folder, 'node_modules');
  const core = join(modules, '@kvscope/core');
  await mkdir(core, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await cp(join(PACKAGE, 'package.json'), join(core, 'package.json'));
  await cp(join(PACKAGE, 'bundle'), join(core, 'bundle'), { recursive: true });
  for (const name of ['mitt', '@opentelemetry/api']) {
    await cp(installed(name), join(modules, name), { recursive: true });
  }
  return folder;
}

/** The folder of an installed package, also of one that does not export its package.json. */
function installed(name: string): string {
  const entry = require.resolve(name);
  const within = join('node_modules', name);
  return entry.slice(0, entry.lastIndexOf(within) + within.length);
}
