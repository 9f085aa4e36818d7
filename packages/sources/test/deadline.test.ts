import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { deadline } from '../src/deadline.js';

const LONG_MS = 3_600_000;
const parent = () => new AbortController();

/** A collection at a moment when nothing but the reader's own reference is on the stack. */
async function collectGarbage(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc?.();
}

describe('a deadline', () => {
  it('comes also after a collection of garbage while only its signal is held', async () => {
    const { signal } = deadline(20, parent().signal);
    await collectGarbage();
    // Holds the process: the deadline's own timer does not.
    const alive = setTimeout(() => undefined, LONG_MS);
    if (!signal.aborted) await once(signal, 'abort');
    clearTimeout(alive);
    expect(signal.reason).toMatchObject({ name: 'TimeoutError', message: 'not done in 20 ms' });
  });

  it('is cut short by its parent, with the reason', () => {
    const controller = parent();
    const { signal, release } = deadline(LONG_MS, controller.signal);
    expect(signal.aborted).toBe(false);
    controller.abort('enough');
    expect(signal.reason).toBe('enough');
    expect(deadline(LONG_MS, controller.signal).signal.reason).toBe('enough');
    release();
  });

  it('does not come once it was released, and leaves no listener', () => {
    const controller = parent();
    const { signal, release } = deadline(LONG_MS, controller.signal);
    release();
    controller.abort();
    expect(signal.aborted).toBe(false);
  });
});
