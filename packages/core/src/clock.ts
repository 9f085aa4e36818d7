/** Where time comes from. Epoch milliseconds as a float64, monotonic within a process. */
export interface Clock {
  now(): number;
  /** Runs `task` each `intervalMs` until the returned function is called; never keeps the process alive. */
  every(intervalMs: number, task: () => void): () => void;
}

/** Fixed for the life of the thread, and dear to ask for. */
const { timeOrigin } = performance;

/** The process's own clock: comparable across the processes of a host, never set back. */
export const systemClock: Clock = {
  now: () => timeOrigin + performance.now(),
  every(intervalMs, task) {
    const timer = setInterval(task, intervalMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};
