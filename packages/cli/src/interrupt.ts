/** An abort signal for Ctrl-C and SIGTERM. The second Ctrl-C ends the process at once. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives the signals back to their default. */
  release(): void;
}

const INTERRUPTED = 130;

export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
