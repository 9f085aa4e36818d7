import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';

const EXIT = new URL('../dist/exit.js', import.meta.url).href;
const API = new URL('../../instrumentation/dist/api.js', import.meta.url).href;

/** Runs a script that has `onExit`, and resolves when its process has ended. */
function run(script: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const code = `import { onExit } from '${EXIT}'; import { diag } from '${API}'; diag.setLogger(console); ${script}`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code]);
    let stdout = '';
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

it('an exporter that never gives up holds up a normal exit for the time allowed, and no longer', async () => {
  const { code, stderr } = await run(
    'onExit(() => new Promise(() => setInterval(() => undefined, 1000)), 50); process.exitCode = 3;',
  );
  expect(code).toBe(3);
  expect(stderr).toContain('the last metrics could not be sent. It took longer than 0.05 s.');
});

it('an application that goes on before its exit is left to end by itself', async () => {
  const { code, stdout } = await run(
    `let timer;
    onExit(() => new Promise(() => { timer = setInterval(() => undefined, 1000); }), 1);
    process.once('beforeExit', () => setTimeout(() => { console.log('went on'); clearInterval(timer); }, 100));`,
  );
  expect([code, stdout]).toEqual([0, 'went on\n']);
});
