import type { Clock } from '@kvscope/core';
import type { BlockFiles } from '../src/index.ts';

/** Resolves when the clock has moved on by so much. */
export function scriptedPause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = clock.every(ms, () => {
      stop();
      resolve();
    });
  });
}

/** Files in memory, whose reads take exactly so long by a scripted clock. */
export function scriptedFiles(clock: Clock, readMs: number): BlockFiles {
  const contents = new Map<string, Buffer>();
  return {
    list: () => Promise.resolve([]),
    async read(path, target, position) {
      await scriptedPause(clock, readMs);
      return contents.get(path)?.copy(target, 0, position) ?? 0;
    },
    async write(path, content) {
      contents.set(path, Buffer.from(content));
    },
    async rename(from, to) {
      contents.set(to, contents.get(from) as Buffer);
      contents.delete(from);
    },
    async remove(path) {
      contents.delete(path);
    },
  };
}
