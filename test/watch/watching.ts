import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, vi } from 'vitest';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/kvscope.js', import.meta.url));

/** The part of a status line that tests look at. */
export interface Status {
  readonly final: boolean;
  readonly sources: readonly {
    readonly name: string;
    readonly state: string;
    readonly publishers: readonly {
      readonly publisher: string;
      readonly events: number;
      readonly missed: number;
      readonly dropped: number;
      readonly lastSequence: number | null;
    }[];
  }[];
  readonly resident: Readonly<Record<string, number | null>>;
  readonly tiers?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Watching {
  /** The newest status; none before the first. */
  status(): Status | undefined;
  /** The answer of a page beside the metrics, once they are served. */
  page(path: string): Promise<{ status: number; text: string }>;
  /** The live report, once it is served. */
  report(): Promise<{ status: number; text: string }>;
  input(text: string): void;
  signal(name: NodeJS.Signals): void;
  ended(): Promise<{ code: number | null; stderr: string; final: Status | undefined }>;
}

/** Starts `kvscope watch` as a user's shell would; it is killed with the test if it still runs. */
export function watching(args: readonly string[], env: NodeJS.ProcessEnv = {}): Watching {
  const child = spawn(process.execPath, [BIN, 'watch', ...args], { env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const status = (): Status | undefined => {
    const last = stdout.split('\n').at(-2);
    return last === undefined ? undefined : (JSON.parse(last) as Status);
  };
  const said = (pattern: RegExp): Promise<string> =>
    vi.waitFor(() => {
      const found = pattern.exec(stderr)?.[1];
      expect(found, stderr).toBeDefined();
      return found as string;
    }, PATIENCE);
  return {
    status,
    page: async (path) => answer((await said(/Serving metrics at (\S+)\/metrics/)) + path),
    report: async () => answer(await said(/Serving the report at (\S+)/)),
    input: (text) => void child.stdin.write(text),
    signal: (name) => void child.kill(name),
    async ended() {
      const code = await closed;
      return { code, stderr, final: stdout === '' ? undefined : status() };
    },
  };
}

async function answer(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

/** How long a condition may take decides nothing. */
const PATIENCE = { timeout: 40_000, interval: 10 };

export function eventually(holds: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(holds, PATIENCE);
}

/** The sum of a metric's samples in the Prometheus text format whose labels have all of `labels`. */
export function sample(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && wanted.every((each) => line.includes(each)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
