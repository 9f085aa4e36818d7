type Listener = (...values: unknown[]) => void;

interface Listened {
  on(event: string, listener: Listener): unknown;
  off(event: string, listener: Listener): unknown;
}

/** A `MessagePort`, a `Worker`, or a worker's `parentPort`. */
interface ThreadPort extends Listened {
  postMessage(message: unknown): void;
}

/** A child process or cluster worker, or in one of them its `process`. */
interface ProcessPort extends Listened {
  send?(message: unknown, ...rest: never[]): boolean;
}

/** One end of a channel between a worker and its main thread or main process. */
export type StatsPort = ThreadPort | ProcessPort;

export function isPort(port: unknown): port is StatsPort {
  const { on, postMessage, send } = (port ?? {}) as Partial<ThreadPort & ProcessPort>;
  return typeof on === 'function' && (typeof postMessage === 'function' || typeof send === 'function');
}

/** Sends; `done` is told once the message is on its way, or why it is not. */
export function send(port: StatsPort, message: unknown, done: (error?: Error | null) => void): void {
  try {
    if ('postMessage' in port) {
      port.postMessage(message);
      done();
    } else if (port.send === undefined) {
      done(new Error('the process has no channel to a parent'));
    } else {
      (port as { send(message: unknown, done: (error: Error | null) => void): boolean }).send(message, done);
    }
  } catch (error) {
    done(error as Error);
  }
}

/** Names of what a port tells when nothing comes from it any more. */
const ENDS = ['exit', 'close', 'disconnect'] as const;

/** Listens until the returned function is called. Does not keep the process running. */
export function listen(
  port: StatsPort,
  onMessage: (message: unknown) => void,
  onEnd: () => void,
): () => void {
  port.on('message', onMessage);
  for (const end of ENDS) port.on(end, onEnd);
  // Of all that can be a port only a bare MessagePort is kept alive by its listeners.
  if ('start' in port && 'unref' in port && typeof port.unref === 'function') port.unref();
  return () => {
    port.off('message', onMessage);
    for (const end of ENDS) port.off(end, onEnd);
  };
}
