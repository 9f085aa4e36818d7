import { diag } from '@kvscope/instrumentation/api';

/** How long an exit may be held up, in ms. */
const MAX_DELAY_MS = 5000;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Runs `flush` once, before the process ends normally or by SIGTERM or Ctrl-C. A signal then does what it would have
 * done without us; a second one is not held up.
 */
export function onExit(flush: () => Promise<void>): void {
  let flushed: Promise<void> | undefined;
  const once = (): Promise<void> => {
    flushed ??= Promise.race([flush().catch(tell), delay(MAX_DELAY_MS)]);
    return flushed;
  };
  process.once('beforeExit', () => void once());
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      // The application's own handlers decide what the signal means; without any it ends the process.
      const alone = process.listenerCount(signal) === 0;
      void once().then(() => {
        if (alone) process.kill(process.pid, signal);
      });
    });
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function tell(error: unknown): void {
  diag.error(
    `kvscope: the last metrics could not be sent. ${error instanceof Error ? error.message : error}`,
  );
}
