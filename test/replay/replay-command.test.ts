import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inThisProcess } from './in-this-process.ts';
import { kvscope } from './kvscope.ts';

const line = (timestamp: number, ...hash_ids: number[]) =>
  `${JSON.stringify({ timestamp, input_length: 512, output_length: 1, hash_ids, extra: true })}\n`;

/**
 * One tier of two blocks. 0 s: 1, 2 stored. 1 s: 1 hit, 3 missed, so that 2 (idle since 0 s) is evicted for 3.
 * 2 s: 2 missed, so that 1 (stored at 0 s, used at 1 s) is evicted for it.
 */
const TRACE = line(0, 1, 2) + line(1000, 1, 3) + line(2000, 2);
const TINY = ['--l0', '2', '--l1', '0', '--l2', '0'];
const EMPTY = { count: 0, sum: 0 };
const FIGURES = {
  requests: 3,
  lookups: 5,
  hits: { l0: 1, l1: 0, l2: 0 },
  misses: 4,
  malformed: 0,
  tiers: {
    l0: {
      capacity: 2,
      stored: 4,
      accessed: 1,
      evicted: 2,
      neverReused: 1,
      evictReuseMisses: 0,
      lifetime: { count: 2, sum: 3 }, // 2 lived from 0 s to 1 s, 1 from 0 s to 2 s
      idleTime: { count: 2, sum: 2 }, // 2 was idle from 0 s to 1 s, 1 from 1 s to 2 s
      reuseGap: { count: 1, sum: 1 }, // 1 from its store at 0 s to its access at 1 s
      evictReuseGap: { count: 1, sum: 1 }, // 2 left at 1 s and came back at 2 s
    },
    l1: idle(),
    l2: idle(),
  },
};

function idle() {
  return {
    capacity: 0,
    stored: 0,
    accessed: 0,
    evicted: 0,
    neverReused: 0,
    evictReuseMisses: 0,
    lifetime: EMPTY,
    idleTime: EMPTY,
    reuseGap: EMPTY,
    evictReuseGap: EMPTY,
  };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kvscope-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('figures', () => {
  it('are one JSON object, the same from a file, a gzip file, standard input and gzip on standard input', async () => {
    const zipped = gzipSync(TRACE);
    const runs = await Promise.all([
      kvscope(['replay', await file('plain.jsonl', TRACE), ...TINY, '--json']),
      kvscope(['replay', await file('zipped', zipped), ...TINY, '--json']),
      kvscope(['replay', '-', ...TINY, '--json'], { input: TRACE }),
      kvscope(['replay', '-', ...TINY, '--json'], { input: zipped }),
    ]);
    for (const { code, stdout, stderr } of runs) {
      expect([code, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toEqual(FIGURES);
    }
  });

  it('are null where the subscriber that measures them is off', async () => {
    const { stdout } = await kvscope(['replay', '-', ...TINY, '--json', '--subscribers', 'lifecycle'], {
      input: TRACE,
    });
    const { lookups, misses, tiers } = JSON.parse(stdout) as typeof FIGURES;
    expect([lookups, misses, tiers.l0.stored, tiers.l0.lifetime]).toEqual([
      null,
      null,
      null,
      { count: 2, sum: 3 },
    ]);
  });

  it('follow the window', async () => {
    const { stdout } = await kvscope(['replay', '-', ...TINY, '--json', '--window', '1'], { input: TRACE });
    const { l0 } = (JSON.parse(stdout) as typeof FIGURES).tiers;
    // Block 2 comes back exactly 1 s after it left, and the window is strict.
    expect([l0.evictReuseGap, l0.evictReuseMisses]).toEqual([EMPTY, 1]);
  });

  it('have a curve where it is asked for', async () => {
    const { code, stdout, stderr } = await kvscope(['replay', '-', ...TINY, '--json', '--curve'], {
      input: TRACE,
    });
    expect([code, stderr]).toEqual([0, '']);
    const { curve, ...figures } = JSON.parse(stdout) as typeof FIGURES & { curve: unknown };
    expect(figures).toEqual(FIGURES);
    // Of the references 1 2 1 3 2 the third has 2 above its block, and the fifth 1 and 3: hits of 2 and of 3 blocks.
    const point = (scale: number, capacity: number, hits: number) => ({
      scale,
      capacity,
      hitRatio: expect.closeTo(hits / 5, 12),
      error: 0,
    });
    expect(curve).toEqual({
      l0: [
        point(0.25, 1, 0),
        point(0.5, 1, 0),
        point(1, 2, 1),
        point(2, 4, 2),
        point(4, 8, 2),
        point(8, 16, 2),
      ],
    });
  });

  it('are read by a person as a summary', async () => {
    const { code, stdout } = await kvscope(['replay', '-', ...TINY], { input: TRACE });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Replayed standard input: 3 requests, 5 block references, 2 s of trace in /);
    expect(stdout).toMatch(/^l0 device +2 +5 +1 +20\.0 % +20\.0 %$/m);
    expect(stdout).toMatch(/^none +4 +80\.0 %$/m);
    expect(stdout).toMatch(/^l0 lifetime +2 +1\.5 s /m);
    // One of the two evicted blocks was never read, and the only one whose fate is known came back.
    expect(stdout).toMatch(/^l0 device +50\.0 % +100\.0 %$/m);
  });
});

describe('malformed lines', () => {
  const damaged = `${line(0, 1)}{"timestamp": 1\n${line(2, 1)}`;

  it('are reported with file, line and reason, counted, and left out', async () => {
    const path = await file('damaged.jsonl', damaged);
    const { code, stdout, stderr } = await kvscope(['replay', path, '--json']);
    expect(code).toBe(0);
    expect(stderr).toContain(`${path}:2: `);
    expect(JSON.parse(stdout)).toMatchObject({ requests: 2, malformed: 1 });
  });

  it('stop a strict replay with exit code 1', async () => {
    const { code, stdout, stderr } = await kvscope(['replay', '-', '--strict', '--json'], { input: damaged });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^kvscope: standard input:2: /);
  });

  it('fail the run when there is nothing else', async () => {
    const { code, stderr } = await kvscope(['replay', '-'], { input: 'not a trace\n' });
    expect(code).toBe(1);
    expect(stderr).toContain('no line of it is a request');
  });

  it('are shown up to a hundred, and counted beyond', async () => {
    const { stderr, stdout } = await kvscope(['replay', '-', '--json'], {
      input: `${'?\n'.repeat(150)}${line(0, 1)}`,
    });
    expect(stderr.trim().split('\n')).toHaveLength(101);
    expect(stderr).toContain('... and 50 more malformed lines');
    expect(JSON.parse(stdout)).toMatchObject({ malformed: 150 });
  });
});

describe('exit codes', () => {
  it.each([
    [['replay', 'x', '--l0', '-1'], /--l0.*-1.*whole number from 0/],
    [['replay', 'x', '--sample-rate', '2'], /--sample-rate.*'2'.*above 0 and at most 1/],
    [['replay', 'x', '--sample-rate', '0'], /--sample-rate.*'0'.*above 0 and at most 1/],
    [['replay', 'x', '--subscribers', 'shards,nope'], /'nope' is not known.*lifecycle, shards/],
    [['replay', 'x', '--window', '301'], /--window.*'301'.*300/],
    [['replay', 'x', '--speed', 'fast'], /--speed.*max, or a number from 0\.000001 to 1000000000/],
    [['replay', 'x', '--speed', '1e-7'], /--speed.*'1e-7'.*max, or a number from 0\.000001/],
    [['replay', 'x', '--l0', '0', '--l1', '0', '--l2', '0'], /at least one tier/],
    [['replay', 'x', 'y'], /too many arguments/],
    [['nonsense'], /unknown command 'nonsense'/],
  ])('%j is wrong usage: 2', async (args, message) => {
    const { code, stdout, stderr } = await inThisProcess(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('a file that is not there is a failure: 1, with its name and no stack', async () => {
    const { code, stderr } = await kvscope(['replay', join(folder, 'absent.jsonl')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^kvscope: .*absent\.jsonl: cannot be read: ENOENT[^\n]*\n$/);
  });

  it('help is no error', async () => {
    const [overall, replay] = await Promise.all([kvscope(['--help']), kvscope(['replay', '--help'])]);
    expect([overall.code, replay.code]).toEqual([0, 0]);
    expect(overall.stdout).toContain('Exit codes: 0 done, 1 run-time failure, 2 wrong usage.');
    expect(replay.stdout).toContain('--sample-rate');
  });
});

describe('Ctrl-C', () => {
  it('ends cleanly with the figures so far', async () => {
    let sent = false;
    const { code, stdout } = await kvscope(['replay', '-', ...TINY, '--json'], {
      // The damaged line is reported after the requests before it were replayed; then the input stays open.
      openInput: `${TRACE}?\n`,
      onStderr: (text, kill) => {
        if (sent || !text.includes('standard input:4:')) return;
        sent = true;
        kill('SIGINT');
      },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ ...FIGURES, malformed: 1 });
  });
});
