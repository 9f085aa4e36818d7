import { type ChildProcess, spawn } from 'node:child_process';

/** How long a process may take to end by itself once it was asked to. */
const STOP_MS = 10_000;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly cwd?: string;
  /** Variables on top of {@link cleanEnvironment}. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningProcess {
  readonly ended: Promise<Ended>;
  /**
   * The first match on standard error.
   * @throws Error with what was said instead when the process ends, or when the time is up
   */
  untilStderr(pattern: RegExp, withinMs: number): Promise<RegExpExecArray>;
  /** Asks it to end, then ends it. Safe to call again, and on a process that has ended. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a program with an empty standard input. It is killed at the latest when this process exits.
 * @param command a path, or a name to be found on PATH
 */
export function startProcess(
  command: string,
  args: readonly string[],
  { cwd, env }: ProcessOptions = {},
): RunningProcess {
  const child = spawn(command, args, { cwd, env: { ...cleanEnvironment(), ...env }, stdio: 'pipe' });
  running.add(child);
  child.stdin.on('error', () => undefined).end();
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  }).finally(() => running.delete(child));
  // Whoever waits for it is told; nobody has to.
  ended.catch(() => undefined);

  return {
    ended,
    untilStderr(pattern, withinMs) {
      return new Promise((resolve, reject) => {
        const settle = (settled: () => void): void => {
          clearTimeout(timer);
          child.stderr.off('data', look);
          settled();
        };
        const look = (): void => {
          const match = pattern.exec(stderr);
          if (match !== null) settle(() => resolve(match));
        };
        const fail = (reason: string): void =>
          settle(() => reject(new Error(`${command} ${reason} and did not say ${pattern}, but: ${stderr}`)));
        const timer = setTimeout(() => fail(`ran for ${withinMs} ms`), withinMs);
        child.stderr.on('data', look);
        ended.then(() => fail('ended'), reject);
        look();
      });
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      return ended.finally(() => clearTimeout(timer));
    },
  };
}

/**
 * Runs a program to its end, within a time.
 * @throws Error with what it said when the time is up; a wrong exit code is for the caller to judge
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  { withinMs, ...options }: ProcessOptions & { readonly withinMs: number },
): Promise<Ended> {
  const child = startProcess(command, args, options);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void child.stop();
  }, withinMs);
  const ended = await child.ended.finally(() => clearTimeout(timer));
  if (late) throw new Error(`${command} ${args.join(' ')} ran for ${withinMs} ms: ${ended.stderr}`);
  return ended;
}

/** What `npm run`, the test runner and an OTel set-up around them would pass on is not a user's environment. */
const PASSED_ON =
  /^(npm_(package|lifecycle|config_local_prefix|command$|execpath$|node_execpath$)|INIT_CWD$|OTEL_|VITEST|TEST$|NODE_(ENV|OPTIONS|PATH)$)/i;

/** The environment of the person who runs the tests. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !PASSED_ON.test(name)));
}
