import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/kvscope.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KvscopeOptions {
  /** All of standard input; without it, standard input is empty. */
  readonly input?: string | Uint8Array;
  /** Standard input that stays open; `input` is not given then. */
  readonly openInput?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called once it runs. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Called with what arrived on standard error so far. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the built command as a user's shell would. */
export function kvscope(
  args: readonly string[],
  { input, openInput, env, onStart, onStderr }: KvscopeOptions = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, ...env } });
    let stdout = '';
    let stderr = '';
    onStart?.((signal) => child.kill(signal));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onStderr?.(stderr, (signal) => child.kill(signal));
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    // The command may end before it has read everything.
    child.stdin.on('error', () => undefined);
    if (openInput !== undefined) child.stdin.write(openInput);
    else child.stdin.end(input ?? '');
  });
}
