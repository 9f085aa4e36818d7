import { vi } from 'vitest';
import { main } from '../../packages/cli/dist/main.js';
import type { Ended } from './kvscope.ts';

/** What the command says to arguments that it refuses, in this process: a process of its own would show no more. */
export async function wrongUsage(args: readonly string[]): Promise<Ended> {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const text = (spy: typeof stdout) => spy.mock.calls.map(([chunk]) => String(chunk)).join('');
  try {
    const code = await main(args);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
  }
}
