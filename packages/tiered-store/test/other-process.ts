import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
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

/** Another process writes, and is killed at some moment of its first 30 ms: any will do, and none has to be met. */
export async function writeAndKill(directory: string, blocks: number): Promise<void> {
  const child = await holder(directory, blocks);
  await pause(Math.random() * 30);
  child.kill('SIGKILL');
  await once(child, 'exit');
}
