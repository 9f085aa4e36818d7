import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the built package starts, as a URL. */
export const BUILT = new URL('../bundle/index.js', import.meta.url);

/** Runs an ES module's text in a Node process of its own and returns what it printed. Fails when it fails. */
export async function runModule(text: string, ...args: string[]): Promise<string> {
  const options = ['--no-warnings', '--input-type=module', '--eval', text, '--', ...args];
  const { stdout } = await run(process.execPath, options, { env: { ...process.env, NODE_OPTIONS: '' } });
  return stdout.trim();
}
