import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { formatSeconds } from '@kvscope/report/figures';
import { discover, type TracedProcess } from '@kvscope/trace/viewer';
import { table } from '../table.js';

const NONE =
  'no process of this user has tracing on. In an application: trace: true in the configuration of KvCacheInstrumentation, or ' +
  'OTEL_INSTRUMENTATION_KV_CACHE_TRACE=true. To try it: kvscope demo -vvv';

/** The processes a command line asks for could not be told, or need a choice. */
export class TargetError extends Error {
  /** Whether the command line can be mended, rather than the host. */
  readonly usage: boolean;
  constructor(message: string, usage: boolean) {
    super(message);
    this.usage = usage;
  }
}

export interface TargetOptions {
  readonly all: boolean;
  /** Whether somebody can be asked. */
  readonly interactive: boolean;
}

/**
 * The sockets to attach to.
 * @param names process ids and paths of sockets; none: whatever there is
 * @throws TargetError when there is none, or there are several and nobody chose
 */
export async function targetsOf(names: readonly string[], options: TargetOptions): Promise<string[]> {
  if (names.length > 0) {
    const found = names.some(isPid) ? await discover() : [];
    return (await Promise.all(names.map((name) => socketsOf(name, found)))).flat();
  }
  const found = await discover();
  if (found.length === 0) throw new TargetError(NONE, false);
  if (found.length === 1 || options.all) return found.map(({ socket }) => socket);
  if (options.interactive) return ask(found);
  throw new TargetError(
    `several processes have tracing on:\n${processList(found)}\nChoose by process id, or add --all for the sum.`,
    true,
  );
}

/** Traced processes as a person reads them. */
export function processList(found: readonly TracedProcess[]): string {
  const now = Date.now();
  return table(
    ['', 'pid', 'tracing for', 'threads', 'command'],
    found.map(({ hello }, i) => [
      String(i + 1),
      String(hello.pid),
      formatSeconds(Math.max(0, now - hello.startTime) / 1000),
      String(hello.rings.length),
      hello.title.length > 60 ? `...${hello.title.slice(-57)}` : hello.title,
    ]),
  );
}

function isPid(name: string): boolean {
  return /^\d+$/.test(name);
}

async function socketsOf(name: string, found: readonly TracedProcess[]): Promise<string[]> {
  if (isPid(name)) {
    const own = found.filter(({ hello }) => hello.pid === Number(name)).map(({ socket }) => socket);
    if (own.length > 0) return own;
    const others = found.length === 0 ? NONE : `These have:\n${processList(found)}`;
    throw new TargetError(`process ${name} has no tracing on. ${others}`, false);
  }
  const status = await stat(name).catch(() => undefined);
  if (status?.isSocket()) return [name];
  throw new TargetError(`'${name}' is neither a process id nor the socket of a traced process`, true);
}

async function ask(found: readonly TracedProcess[]): Promise<string[]> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    process.stderr.write(`${processList(found)}\n`);
    const answer = (await terminal.question('Number, or a for the sum of all: ')).trim();
    if (answer === 'a') return found.map(({ socket }) => socket);
    const chosen = /^\d+$/.test(answer) ? found[Number(answer) - 1] : undefined;
    if (chosen === undefined) throw new TargetError(`'${answer}'; allowed: 1 to ${found.length}, or a`, true);
    return [chosen.socket];
  } finally {
    terminal.close();
  }
}
