import { setTimeout as sleep } from 'node:timers/promises';
import { discover } from '@kvscope/trace/viewer';
import { EXIT } from '../exit.js';
import { onInterrupt } from '../interrupt.js';
import { onQuitKey } from '../view/quit-key.js';
import { render } from '../view/render.js';
import { Screen } from '../view/screen.js';
import { viewAsJson } from '../view/view-json.js';
import { abortOf } from '../watch/abort-of.js';
import { processList, TargetError, targetsOf } from './targets.js';
import { type WatchedProcesses, watchProcesses } from './watched-processes.js';

export interface TopRun {
  /** Process ids and paths of sockets. */
  readonly targets: readonly string[];
  readonly all: boolean;
  readonly list: boolean;
  readonly once: boolean;
  readonly json: boolean;
  /** Seconds from one frame to the next; undefined: a quarter on a terminal, one elsewhere. */
  readonly interval?: number;
  /** Runs beside the work that it shows, which ends it; Ctrl-C is for that work. */
  readonly beside: boolean;
}

const TERMINAL_INTERVAL_S = 0.25;
const PLAIN_INTERVAL_S = 1;

/** Shows traced processes until they end or somebody has seen enough. @returns the exit code */
export async function runTop(run: TopRun): Promise<number> {
  const { stdout } = process;
  if (run.list) return list(run);
  let sockets: string[];
  try {
    const interactive = process.stdin.isTTY && process.stderr.isTTY && !run.once && !run.json;
    sockets = await targetsOf(run.targets, { all: run.all, interactive });
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    process.stderr.write(`kvscope top: ${error.message}\n`);
    return error.usage ? EXIT.usage : EXIT.failed;
  }
  const processes = await watchProcesses(sockets);
  if (run.beside) void processes.answered.then(tellAttached);
  try {
    if (run.once) await once(run, processes);
    else if (stdout.isTTY && !run.json) await live(run, processes);
    else await plain(run, processes);
    return EXIT.done;
  } finally {
    processes.close();
  }
}

/** To the process that the view runs beside. */
function tellAttached(): void {
  process.send?.('attached');
  process.disconnect?.();
}

async function list({ json }: TopRun): Promise<number> {
  const found = await discover();
  const text = json
    ? JSON.stringify(found.map(({ socket, hello }) => ({ socket, ...hello })))
    : found.length === 0
      ? 'No process of this user has tracing on.'
      : processList(found);
  process.stdout.write(`${text}\n`);
  return EXIT.done;
}

/** One frame, with rates over an interval. */
async function once(run: TopRun, processes: WatchedProcesses): Promise<void> {
  await processes.answered;
  processes.refresh();
  const interval = sleep((run.interval ?? PLAIN_INTERVAL_S) * 1000, undefined, { ref: false });
  await Promise.race([interval, processes.ended]);
  print(run, processes);
}

/** A frame an interval, one below the other. */
async function plain(run: TopRun, processes: WatchedProcesses): Promise<void> {
  const showing = setInterval(() => print(run, processes), (run.interval ?? PLAIN_INTERVAL_S) * 1000);
  const over = ending(run, processes);
  try {
    await over.promise;
  } finally {
    clearInterval(showing);
    over.release();
  }
  print(run, processes);
}

async function live(run: TopRun, processes: WatchedProcesses): Promise<void> {
  const color = wantsColor();
  const over = ending(run, processes);
  // Beside the work it is that which has the keyboard.
  const key = run.beside ? undefined : onQuitKey(process.stdin);
  const screen = new Screen(process.stdout);
  const draw = (): void => screen.draw(render(processes.refresh(), screen.columns, { color }));
  const showing = setInterval(draw, (run.interval ?? TERMINAL_INTERVAL_S) * 1000);
  process.stdout.on('resize', draw);
  try {
    await Promise.race([processes.answered, ...(key ? [key.pressed] : [])]);
    draw();
    await Promise.race([over.promise, ...(key ? [key.pressed] : [])]);
  } finally {
    clearInterval(showing);
    key?.release();
    process.stdout.off('resize', draw);
    screen.close(render(processes.refresh(), screen.columns, { color }));
    over.release();
  }
}

/** Over when the processes are, or somebody says so. */
function ending({ beside }: TopRun, processes: WatchedProcesses) {
  if (!beside) {
    const interrupt = onInterrupt();
    return {
      promise: Promise.race([processes.ended, abortOf(interrupt.signal)]),
      release: () => interrupt.release(),
    };
  }
  const ignore = (): void => undefined;
  let stop = ignore;
  const asked = new Promise<void>((resolve) => {
    stop = resolve;
  });
  process.on('SIGINT', ignore);
  process.on('SIGTERM', stop);
  return {
    promise: Promise.race([processes.ended, asked]),
    release() {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', stop);
    },
  };
}

function print({ json }: TopRun, processes: WatchedProcesses): void {
  const view = processes.refresh();
  const columns = process.stdout.columns || 100;
  const text = json
    ? JSON.stringify(viewAsJson(view))
    : `${render(view, columns, { color: process.stdout.isTTY && wantsColor() }).join('\n')}\n`;
  process.stdout.write(`${text}\n`);
}

function wantsColor(): boolean {
  const { NO_COLOR, TERM } = process.env;
  return (NO_COLOR ?? '') === '' && TERM !== 'dumb';
}
