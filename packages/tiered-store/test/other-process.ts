import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const WRITER = join(import.meta.dirname, 'writer.mjs');

/** Another process with a store on the directory, once it has opened it; it writes so many blocks over and over. */
export async function holder(directory: string, blocks = 0): Promise<ChildProcess> {
  const child = spawn(process.execPath, [WRITER, directory, String(blocks)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

/**
 * L1 of that process has room for two dumps, so that of three at least one was written. Writes of the last ones are
 * under way when it is killed.
 */
const LEAST_DUMPS = 3;
const MOST_DUMPS = 60;

/** Another process writes, and is killed behind a random number of its dumps. */
export async function writeAndKill(directory: string, blocks: number): Promise<void> {
  const child = await holder(directory, blocks);
  let left = LEAST_DUMPS + Math.floor(Math.random() * (MOST_DUMPS - LEAST_DUMPS + 1));
  child.stdout?.on('data', (text: Buffer) => {
    left -= text.toString().split('\n').length - 1;
    if (left <= 0) child.kill('SIGKILL');
  });
  await once(child, 'exit');
}
