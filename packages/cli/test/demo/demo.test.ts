import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiagnosisJson } from '@kvscope/report';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../src/demo/temporary-directory.ts';
import { type Demo, type Distribution, demo, runDemoCommand } from './running-demo.ts';

const mean = ({ count, sum }: Distribution) => sum / count;
/** Titles of tables. */
const titlesOf = (text: string) => text.match(/^[A-Z][A-Z ]+[A-Z]|^IO/gm) ?? [];

describe('kvscope demo', () => {
  it('gives figures that add up, and removes its directory', async () => {
    const run = await demo();
    expect(run.requests).toBeGreaterThan(0);
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
    expect(run.io.write.count).toBeGreaterThan(0);
    expect(run.io.write.bytes).toBe(run.io.write.count * (32_768 + 8 * 4));
    expect(run.io.write.errors + run.io.read.errors).toBe(0);
    for (const { evictable, pinned, limit } of Object.values(
      run.occupancy as NonNullable<Demo['occupancy']>,
    )) {
      expect(pinned).toBe(0);
      expect(evictable).toBeLessThanOrEqual(limit);
    }
    // The curve of its L1, which more memory only raises.
    expect(Object.keys(run.curve)).toEqual(['l1']);
    const points = run.curve.l1 ?? [];
    expect(points.map(({ capacity }) => capacity)).toEqual([500, 1000, 2000, 4000, 8000, 16_000]);
    const ratios = points.map(({ hitRatio }) => hitRatio);
    expect(ratios).toEqual(ratios.toSorted((a, b) => a - b));
  });

  it('is read by a person as a summary that says what is simulated', async () => {
    const { code, stdout } = await runDemoCommand('--duration', '0.2', '--sick', 'copy');
    expect(code).toBe(0);
    expect(stdout).toContain('Device memory is simulated by host memory, compute by a timer of 1 ms a layer');
    expect(stdout).toContain('Sick on purpose: each copy between host and device memory takes 5 ms longer.');
    expect(titlesOf(stdout)).toEqual([
      'HIT RATIO',
      'LOAD',
      'DUMP',
      'IO',
      'LAYERS',
      'LRU HIT RATIO',
      'OCCUPANCY',
    ]);
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
    const { io } = await demo('--sick', 'io', '--duration', '1');
    expect(mean(io.write)).toBeGreaterThanOrEqual(0.02);
  });

  it('--sick faults shows as failed io and as requests that were refused', async () => {
    const { io, failed } = await demo('--sick', 'faults', '--l0', '100', '--l1', '300');
    expect(io.write.errors).toBeGreaterThan(0);
    // One in 20 calls fails, and the last call has been told of.
    for (const { count, errors } of [io.write, io.read]) expect(errors).toBe(Math.floor(count / 20));
    expect(Object.keys(failed).filter((reason) => reason !== 'io_error')).toEqual([]);
  });

  it('--sick capacity shows in the limits, and tells of the prompts that it cuts', async () => {
    const { occupancy, cut } = await demo('--sick', 'capacity', '--concurrency', '4');
    expect([occupancy?.l0.limit, occupancy?.l1.limit, occupancy?.l2.limit]).toEqual([200, 100, 8000]);
    // 100 blocks of L1 are 12 for each of four requests and as many that only stay: the sample asks for up to 40.
    expect(cut).toBeGreaterThan(0);
  });

  it('--diagnose looks at all playbooks, over the time of the work alone', async () => {
    const { stdout } = await runDemoCommand('--duration', '0.3', '--json', '--diagnose');
    const { diagnosis, seconds } = JSON.parse(stdout) as { diagnosis: DiagnosisJson; seconds: number };
    const { source, from, to, findings, clear, unjudged } = diagnosis;
    expect([source, findings.length + clear.length + unjudged.length]).toEqual(['this run', 11]);
    expect(to - from).toBeGreaterThan(0.2);
    // A little is done before and after its own clock runs.
    expect(to - from).toBeLessThan(seconds + 1);
    expect(await demo()).not.toHaveProperty('diagnosis');
  });

  it('--duration ends it, whatever the garbage collector does meanwhile', async () => {
    const collecting = setInterval(() => globalThis.gc?.(), 250);
    const { seconds, requests } = await demo('--concurrency', '1').finally(() => clearInterval(collecting));
    // The whole sample, 3,000 requests of 8 layers x 1 ms, takes 24 s at least.
    expect(requests).toBeLessThan(3000);
    expect(seconds).toBeLessThan(24);
  });

  it('shows nothing of what no subscriber measured', async () => {
    const run = await demo('--subscribers', 'transfer');
    expect([run.lookups, run.io.write.bytes, run.layers, run.occupancy]).toEqual([null, null, null, null]);
    expect(run.io.write.count).toBeGreaterThan(0);
    const { stdout } = await runDemoCommand('--duration', '0.2', '--subscribers', 'layerwise');
    // The curve is the demo's own, whatever else is measured.
    expect(titlesOf(stdout)).toEqual(['LAYERS', 'LRU HIT RATIO']);
  });

  it('tells of malformed lines of a trace, and fails when it has no other', async () => {
    const { path, remove } = await temporaryDirectory('kvscope-traces-');
    const file = (name: string, ...lines: string[]) => {
      writeFileSync(join(path, name), lines.join('\n'));
      return join(path, name);
    };
    const request = '{"timestamp":0,"input_length":1024,"output_length":1,"hash_ids":[1,2]}';
    const mixed = file('mixed.jsonl', request, 'nonsense');
    const { stdout, stderr } = await runDemoCommand('--json', '--trace', mixed);
    expect(JSON.parse(stdout)).toMatchObject({ requests: 1, malformed: 1 });
    expect(stderr).toContain(`${mixed}:2: not valid JSON`);
    const bad = file('bad.jsonl', 'nonsense');
    await expect(runDemoCommand('--trace', bad)).rejects.toThrow(`${bad}: no line of it is a request`);
    await remove();
  });

  it.each([
    [['--sick', 'head'], /--sick.*'head'.*keys, queue, io, writes, .*capacity, pollution, faults/],
    [['--layers', '100', '--block-bytes', '64'], /--block-bytes 64 leaves no byte for each of 100 layers/],
    [
      ['--l0', '1000000', '--block-bytes', '67108864'],
      /--l0 1000000 blocks of --block-bytes 67108864 do not fit into one buffer\. Allowed: at most \d+/,
    ],
    [['--hold'], /--hold serves metrics after the run\. Add --prometheus PORT/],
    [['--duration', '0'], /--duration.*'0'.*above 0/],
  ])('%j is wrong usage', async (args, message) => {
    await expect(runDemoCommand(...args)).rejects.toThrow(message);
  });
});

describe('a temporary directory', () => {
  it('goes with the process that ends without removing it', async () => {
    const before = process.listeners('exit');
    const { path, remove } = await temporaryDirectory('kvscope-test-');
    const added = process.listeners('exit').filter((listener) => !before.includes(listener));
    writeFileSync(join(path, 'file'), '');
    for (const listener of added) listener(0);
    expect(existsSync(path)).toBe(false);
    await remove();
    expect(process.listeners('exit')).toEqual(before);
  });
});
