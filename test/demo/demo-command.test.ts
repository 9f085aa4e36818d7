import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kvscope } from '../replay/kvscope.ts';

interface Distribution {
  readonly count: number;
  readonly sum: number;
}

interface Demo {
  readonly requests: number;
  readonly lookups: number;
  readonly hits: Readonly<Record<'l0' | 'l1' | 'l2', number>>;
  readonly misses: number;
  readonly seconds: number;
  readonly failed: Readonly<Record<string, number>>;
  readonly tasks: Readonly<Record<'load' | 'dump', Readonly<Record<string, Distribution>>>>;
  readonly io: Readonly<Record<'read' | 'write', Distribution & { bytes: number; errors: number }>>;
  readonly layers: Readonly<
    Record<'first' | 'rest', { wait: Distribution; load: Distribution; stalls: number }>
  >;
  readonly occupancy: Readonly<
    Record<'l0' | 'l1' | 'l2', { evictable: number; pinned: number; limit: number }>
  >;
}

/** Long enough for a few dozen requests on a busy machine. */
const SHORT = ['--duration', '2', '--json'];
/** Where the command makes its directories: nothing may be left in it. */
const TMPDIR = mkdtempSync(join(tmpdir(), 'kvscope-test-'));
const env = { TMPDIR };
const leftovers = () => readdirSync(TMPDIR);
afterAll(() => rmSync(TMPDIR, { recursive: true }));

async function demo(...args: string[]): Promise<Demo> {
  const { code, stdout, stderr } = await kvscope(['demo', ...SHORT, ...args], { env });
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Demo;
}

const mean = ({ count, sum }: Distribution) => sum / count;

describe('kvscope demo', () => {
  it('gives figures that add up, and removes its directory', async () => {
    const run = await demo();
    expect(run.requests).toBeGreaterThan(5);
    expect(run.failed).toEqual({});
    // Every block asked for was a hit in exactly one tier, or missed by all.
    expect(run.hits.l0 + run.hits.l1 + run.hits.l2 + run.misses).toBe(run.lookups);
    // The stages of a task telescope to its duration.
    for (const [operation, stages] of [
      ['load', ['queue', 'dispatch', 'wait', 'copy']],
      ['dump', ['queue', 'dispatch', 'copy', 'handoff']],
    ] as const) {
      const parts = stages.reduce((sum, stage) => sum + (run.tasks[operation][stage] as Distribution).sum, 0);
      const total = run.tasks[operation].total as Distribution;
      expect(parts).toBeCloseTo(total.sum, 6);
      expect(total.sum).toBeLessThan(run.seconds * total.count);
    }
    // Each block is 32 KiB in 8 layers, and a file has four bytes of checksum to a layer.
    expect(run.io.write.bytes).toBe(run.io.write.count * (32_768 + 8 * 4));
    expect(run.io.write.errors + run.io.read.errors).toBe(0);
    for (const { evictable, pinned, limit } of Object.values(run.occupancy)) {
      expect(pinned).toBe(0);
      expect(evictable).toBeLessThanOrEqual(limit);
    }
    expect(leftovers()).toEqual([]);
  });

  it('is read by a person as a summary that says what is simulated', async () => {
    const { code, stdout } = await kvscope(['demo', '--duration', '1', '--sick', 'copy'], { env });
    expect(code).toBe(0);
    expect(stdout).toContain('Device memory is simulated by host memory, compute by a timer of 1 ms a layer');
    expect(stdout).toContain('Sick on purpose: each copy between host and device memory takes 5 ms longer.');
    for (const title of [
      'HIT RATIO',
      'LOAD, by stage',
      'DUMP, by stage',
      'IO of l2',
      'LAYERS',
      'OCCUPANCY',
    ]) {
      expect(stdout).toContain(title);
    }
  });

  it.each([
    // The delay of each place, which the mean of its stage cannot be below.
    ['queue', 'queue', 0.005],
    ['copy', 'copy', 0.005],
    ['handoff', 'handoff', 0.005],
  ])('--sick %s shows in the stage that it is about', async (place, stage, seconds) => {
    const { tasks } = await demo('--sick', place, '--concurrency', '1');
    expect(mean(tasks.dump[stage] as Distribution)).toBeGreaterThanOrEqual(seconds);
  });

  it('--sick io shows in each write', async () => {
    const { io } = await demo('--sick', 'io');
    expect(mean(io.write)).toBeGreaterThanOrEqual(0.02);
  });

  it('--sick faults shows as failed io and as requests that were refused', async () => {
    const { io, failed } = await demo('--sick', 'faults', '--l0', '100', '--l1', '300');
    expect(io.write.errors).toBe(Math.floor(io.write.count / 20));
    expect(io.read.errors).toBe(Math.floor(io.read.count / 20));
    expect(Object.keys(failed).filter((reason) => reason !== 'io_error')).toEqual([]);
  });

  it('--sick capacity shows in the limits', async () => {
    const { occupancy } = await demo('--sick', 'capacity');
    expect([occupancy.l0.limit, occupancy.l1.limit, occupancy.l2.limit]).toEqual([50, 500, 8000]);
  });

  it('Ctrl-C ends it with the figures so far, exit code 0 and nothing left behind', async () => {
    let sent = false;
    const { code, stdout } = await kvscope(['demo', '--json', '--prometheus', '0'], {
      env,
      onStderr: (text, kill) => {
        if (sent || !text.includes('Serving metrics at')) return;
        sent = true;
        kill('SIGINT');
      },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('requests');
    expect(leftovers()).toEqual([]);
  });

  it.each([
    [['--sick', 'head'], /--sick.*'head'.*queue, io, copy, handoff, capacity/],
    [['--layers', '100', '--block-bytes', '64'], /--block-bytes 64 leaves no byte for each of 100 layers/],
    [['--hold'], /--hold serves metrics after the run\. Add --prometheus PORT/],
    [['--duration', '0'], /--duration.*'0'.*above 0/],
  ])('%j is wrong usage: 2', async (args, message) => {
    const { code, stderr } = await kvscope(['demo', ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('a trace that is not there is a failure: 1, and nothing is left behind', async () => {
    const { code, stderr } = await kvscope(['demo', '--trace', '/nowhere/trace.jsonl'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain('/nowhere/trace.jsonl: cannot be read');
    expect(leftovers()).toEqual([]);
  });
});
