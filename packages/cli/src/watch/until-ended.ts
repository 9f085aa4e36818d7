import { setTimeout as sleep } from 'node:timers/promises';
import { abortOf } from './abort-of.js';
import type { WatchedSource } from './watched-source.js';

/**
 * Resolves when the signal aborts, the duration is over, or every source came to its end.
 * @throws Error of a source that cannot be read on
 */
export async function untilEnded(
  sources: readonly WatchedSource[],
  signal: AbortSignal,
  duration: number | undefined,
): Promise<void> {
  const over = new AbortController();
  const ends: Promise<unknown>[] = [abortOf(AbortSignal.any([signal, over.signal]))];
  if (duration !== undefined) {
    ends.push(sleep(duration * 1000, undefined, { signal: over.signal }).catch(() => undefined));
  }
  const ended = sources.flatMap((source) => source.ended ?? []);
  // One that fails is told at once, also while others go on.
  for (const each of ended) ends.push(each.then(() => new Promise<never>(() => undefined)));
  if (ended.length === sources.length) ends.push(Promise.all(ended));
  try {
    await Promise.race(ends);
  } finally {
    over.abort();
  }
}
