import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { demoCommand } from '../../src/commands/demo.ts';

export interface Distribution {
  readonly count: number;
  readonly sum: number;
}

export interface Demo {
  readonly requests: number;
  readonly lookups: number | null;
  readonly malformed: number;
  readonly hits: Readonly<Record<'l0' | 'l1' | 'l2', number>>;
  readonly misses: number;
  readonly seconds: number;
  readonly failed: Readonly<Record<string, number>>;
  readonly cut: number;
  readonly tasks: Readonly<Record<'load' | 'dump', Readonly<Record<string, Distribution>>>>;
  readonly io: Readonly<Record<'read' | 'write', Distribution & { bytes: number | null; errors: number }>>;
  readonly layers: Readonly<
    Record<'first' | 'rest', { wait: Distribution; load: Distribution; overlap: number | null }>
  > | null;
  readonly curve: Readonly<Record<string, readonly { capacity: number; hitRatio: number }[]>>;
  readonly occupancy: Readonly<
    Record<'l0' | 'l1' | 'l2', { evictable: number; pinned: number; limit: number }>
  > | null;
}

export interface DemoOutput {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** What is left in the directory that temporary ones are made in. */
  readonly leftovers: readonly string[];
}

/** Runs the command in this process, as `kvscope demo` with these arguments. @throws what it fails with */
export async function runDemoCommand(...args: string[]): Promise<DemoOutput> {
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    const spy = vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      output[stream] += String(text);
      return true;
    });
    onTestFinished(() => spy.mockRestore());
  }
  const directory = mkdtempSync(join(tmpdir(), 'kvscope-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  vi.stubEnv('TMPDIR', directory);
  onTestFinished(() => void vi.unstubAllEnvs());
  let code: number | undefined;
  const command = demoCommand((exitCode) => {
    code = exitCode;
  });
  await command.exitOverride().parseAsync(args, { from: 'user' });
  return { code, ...output, leftovers: readdirSync(directory) };
}

/** Long enough for a few requests on a busy machine. */
export async function demo(...args: string[]): Promise<Demo> {
  const { code, stdout, stderr, leftovers } = await runDemoCommand('--duration', '0.3', '--json', ...args);
  if (code !== 0 || stderr !== '' || leftovers.length > 0)
    throw new Error(`exit code ${code}, left behind: ${leftovers}, ${stderr}`);
  return JSON.parse(stdout) as Demo;
}
