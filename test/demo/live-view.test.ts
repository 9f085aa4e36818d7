import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kvscope } from '../replay/kvscope.ts';

interface Distribution {
  readonly count: number;
  readonly sum: number;
}

interface Demo {
  readonly tasks: Readonly<Record<'load' | 'dump', Readonly<Record<string, Distribution>>>>;
  readonly io: Readonly<Record<'read' | 'write', Distribution>>;
}

/** Where traces are found; the directory stays for the next one. */
const SOCKETS = mkdtempSync(join(tmpdir(), 'kvscope-run-'));
afterAll(() => rmSync(SOCKETS, { recursive: true }));

/** A run with its live view, which has no terminal here: its last frame. */
async function viewed(...args: string[]): Promise<{ run: Demo; frame: string }> {
  const { code, stdout, stderr } = await kvscope(['demo', '-vvv', '--json', '--duration', '2', ...args], {
    env: { XDG_RUNTIME_DIR: SOCKETS },
  });
  expect(code).toBe(0);
  const frame = `kvscope ${stderr.split(/^kvscope (?=\d+ )/m).at(-1)}`;
  expect(frame).toContain('[frozen]');
  return { run: JSON.parse(stdout) as Demo, frame };
}

/** Whom the verdict names, and the first of its causes. */
const named = (frame: string) => [
  /^(backpressure|lower tier|host) [\d.]+ % of /m.exec(frame)?.[1],
  /^[├└]─.*$/m.exec(frame)?.[0],
];

/** How many loads and dumps succeeded. */
const tasksIn = (frame: string) =>
  ['load', 'dump'].map((operation) =>
    Number(new RegExp(`^ ${operation} end to end +([\\d,]+) `, 'm').exec(frame)?.[1]?.replaceAll(',', '')),
  );

const mean = ({ count, sum }: Distribution) => sum / count;

describe('kvscope demo -vvv', () => {
  it.each([
    // The delay of each place, which the mean of its stage cannot be below; who the verdict names, and for what.
    ['queue', 'queue', 0.005, 'backpressure', / (load|dump) queue /],
    ['copy', 'copy', 0.005, 'host', / (load|dump) copy /],
    ['handoff', 'handoff', 0.005, 'host', / dump hand-off /],
  ])('names --sick %s', async (place, stage, seconds, party, cause) => {
    const { run, frame } = await viewed('--sick', place, '--concurrency', '1');
    expect(mean(run.tasks.dump[stage] as Distribution)).toBeGreaterThanOrEqual(seconds);
    expect(named(frame)).toEqual([party, expect.stringMatching(cause)]);
    // The trace has every task that the metrics have, and was given their totals.
    const { load, dump } = run.tasks;
    expect(tasksIn(frame)).toEqual([load.total?.count, dump.total?.count]);
    expect(frame).toContain(` loads ${load.total?.count?.toLocaleString('en-US')} `);
  });

  it('names the lower tier of --sick io', async () => {
    const { run, frame } = await viewed('--sick', 'io');
    expect(mean(run.io.write)).toBeGreaterThanOrEqual(0.02);
    expect(named(frame)).toEqual(['lower tier', expect.stringMatching(/ load lower-tier wait /)]);
    expect(frame).toMatch(/└─ {3}io read l2 /);
  });
});
