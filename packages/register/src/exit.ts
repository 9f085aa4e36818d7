import { diag } from '@kvscope/instrumentation/api';

/** How long an exit may be held up, in ms. */
const MAX_DELAY_MS = 5000;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Runs `flush` once, before the process ends normally or by SIGTERM or Ctrl-C. A signal then does what it would have
 * done without us; a second one is not held up.
 * @param maxDelayMs how long the end may be held up
 */
export function onExit(flush: () => Promise<void>, maxDelayMs = MAX_DELAY_MS): void {
  let flushed: Promise<boolean> | undefined;
  const once = (): Promise<boolean> => {
    flushed ??= inTime(flush, maxDelayMs);
    return flushed;
  };
  process.once('beforeExit', () => {
    // The application has nothing left to do, and nobody else can have begun something: what still keeps the process
    // alive when time is up is an exporter that goes on trying.
    const alone = process.listenerCount('beforeExit') === 0;
    void once().then((done) => {
      if (alone && !done) process.exit();
    });
  });
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

/** Whether `flush` ended, well or not, before its time was up. */
async function inTime(flush: () => Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      tell(`It took longer than ${ms / 1000} s.`);
      resolve(false);
    }, ms).unref();
  });
  const done = await Promise.race([flush().then(() => true, tell), late]);
  clearTimeout(timer);
  return done ?? true;
}

function tell(error: unknown): void {
  diag.error(
    `kvscope: the last metrics could not be sent. ${error instanceof Error ? error.message : error}`,
  );
}
