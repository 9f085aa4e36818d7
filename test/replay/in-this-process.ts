import { Writable } from 'node:stream';
import { vi } from 'vitest';
import { main } from '../../packages/cli/dist/main.js';
import type { Ended } from './kvscope.ts';

/**
 * Runs the command in this process: where it refuses its arguments, fails at the start or reads files to their end, a
 * process of its own would show no more.
 */
export async function inThisProcess(args: readonly string[]): Promise<Ended> {
  const [stdout, stderr] = [collector(), collector()];
  const spies = [
    vi.spyOn(process, 'stdout', 'get').mockReturnValue(stdout.stream),
    vi.spyOn(process, 'stderr', 'get').mockReturnValue(stderr.stream),
  ];
  try {
    const code = await main(args);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** What a pipe would be. */
function collector() {
  let text = '';
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream: stream as unknown as NodeJS.WriteStream & { fd: 1 & 2 }, text: () => text };
}
