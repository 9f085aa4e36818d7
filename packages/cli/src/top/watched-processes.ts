import { attach, LiveView, type TraceClient, tcpConnections, type ViewState } from '@kvscope/trace/viewer';

/** Walking through /proc is not for each refresh. */
const CONNECTIONS_EVERY_MS = 2000;

/** Processes that are looked at together. */
export interface WatchedProcesses {
  readonly refresh: () => ViewState;
  /** Resolves once each has answered. */
  readonly answered: Promise<void>;
  /** Resolves when no process is left. */
  readonly ended: Promise<void>;
  readonly close: () => void;
}

/** @throws Error when one of them cannot be attached to */
export async function watchProcesses(sockets: readonly string[]): Promise<WatchedProcesses> {
  const clients: TraceClient[] = [];
  const live: { view?: LiveView } = {};
  const waiting = new Set(sockets);
  const open = new Set(sockets);
  const answered = signal();
  const ended = signal();
  const early: (() => void)[] = [];
  const tell = (what: () => void): void => {
    if (live.view === undefined) early.push(what);
    else what();
  };
  try {
    for (const socket of sockets) {
      const client = await attach(socket, () => ({ want: 'state' }), {
        state: (state) =>
          tell(() => {
            live.view?.receive(socket, state);
            waiting.delete(socket);
            if (waiting.size === 0) answered.give();
          }),
        ended: (reason) =>
          tell(() => {
            live.view?.ended(socket, reason);
            waiting.delete(socket);
            open.delete(socket);
            if (waiting.size === 0) answered.give();
            if (open.size === 0) ended.give();
          }),
      });
      clients.push(client);
    }
  } catch (error) {
    for (const client of clients) client.close();
    throw error;
  }
  live.view = new LiveView(subjectOf(clients));
  for (const what of early) what();
  const pids = clients.map(({ hello }) => hello.pid);
  let [connections, countedAt] = [undefined as number | undefined, Number.NEGATIVE_INFINITY];
  return {
    refresh() {
      const now = performance.now();
      if (now - countedAt >= CONNECTIONS_EVERY_MS) [connections, countedAt] = [tcpConnections(pids), now];
      return (live.view as LiveView).refresh(connections);
    },
    answered: answered.given,
    ended: ended.given,
    close() {
      for (const client of clients) client.close();
    },
  };
}

function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

function subjectOf(clients: readonly TraceClient[]): string {
  const [only] = clients;
  if (clients.length === 1 && only !== undefined) return `${only.hello.pid} ${shortened(only.hello.title)}`;
  return `${clients.length} processes: ${clients.map(({ hello }) => hello.pid).join(', ')}`;
}

/** The command without the path to it. */
function shortened(title: string): string {
  const [command = '', ...rest] = title.split(' ');
  return [command.split('/').at(-1), ...rest].join(' ');
}
