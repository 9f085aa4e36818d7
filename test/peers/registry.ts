import { runProcess } from './running-process.ts';

const LOOK_UP_MS = 30_000;
/** One retry, soon: without a network the tests are to be skipped before anybody loses patience. */
const RETRY = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000'];
const DOWNLOAD_MS = 240_000;

/** Whether the npm registry, or npm's cache of it, has a package such as `node@24`. */
export async function registryHas(specification: string): Promise<boolean> {
  const { code, stdout } = await runProcess(
    'npm',
    ['view', '--prefer-offline', ...RETRY, '--json', specification, 'version'],
    { withinMs: LOOK_UP_MS },
  ).catch(() => ({ code: 1, stdout: '' }));
  return code === 0 && stdout.trim() !== '';
}

/**
 * The path of a Node.js of another release line, from the registry by way of npx's cache; undefined where there is
 * none for this platform.
 */
export async function nodeFromRegistry(major: number): Promise<string | undefined> {
  const { stdout } = await runProcess(
    'npx',
    ['--yes', '--prefer-offline', `--package=node@${major}`, '--', 'node', '-p', 'process.execPath'],
    { withinMs: DOWNLOAD_MS },
  ).catch(() => ({ stdout: '' }));
  const path = stdout.trim();
  if (path === '') return undefined;
  // Where the package came without its binary, the shell would have found the Node.js that runs the tests.
  const { stdout: version } = await runProcess(path, ['--version'], { withinMs: LOOK_UP_MS });
  return version.startsWith(`v${major}.`) ? path : undefined;
}
