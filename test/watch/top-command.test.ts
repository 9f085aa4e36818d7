import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { kvscope } from '../replay/kvscope.ts';

it.each([
  [[], 1, /no process of this user has tracing on\. .*kvscope demo -vvv/],
  [['--all', '--once'], 1, /no process of this user has tracing on/],
  [['4194304'], 1, /process 4194304 has no tracing on/],
  [['nowhere'], 2, /'nowhere' is neither a process id nor the socket of a traced process/],
  [['--interval', '0.1'], 2, /--interval.*'0\.1'.*Allowed: a number from 0\.25 to 86400/],
])('kvscope top %j ends with %i', async (args, expected, message) => {
  const directory = mkdtempSync(join(tmpdir(), 'kvscope-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const { code, stderr } = await kvscope(['top', ...args], { env: { XDG_RUNTIME_DIR: directory } });
  expect([code, stderr]).toEqual([expected, expect.stringMatching(message)]);
});
