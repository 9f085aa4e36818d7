import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunRecording } from '../../src/diagnosis/run-recording.ts';

const NOTHING = { scopeMetrics: [] } as unknown as ResourceMetrics;
const BEGIN_S = 1_700_000_000;

/** A recording whose clock the test moves, with how often it collected. */
function setUp(always: boolean) {
  let now = BEGIN_S;
  let collections = 0;
  const recording = new RunRecording(
    async () => {
      collections++;
      return NOTHING;
    },
    always,
    () => now,
  );
  return {
    recording,
    collections: () => collections,
    pass(seconds: number) {
      now += seconds;
    },
  };
}

describe('by the clock', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('for a page alone it collects while somebody looks, and else not at all', async () => {
    const { recording, collections, pass } = setUp(false);
    await recording.begin();
    expect(collections()).toBe(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([collections(), vi.getTimerCount()]).toEqual([1, 0]);
    recording.look(true);
    pass(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(collections()).toBeGreaterThan(1);
    recording.look(false);
    const before = collections();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([collections(), vi.getTimerCount()]).toEqual([before, 0]);
  });

  it('for a report it goes on when those who looked have left, ever more seldom, to its end', async () => {
    const { recording, collections } = setUp(true);
    await recording.begin();
    recording.look(true);
    recording.look(false);
    const within = async (seconds: number): Promise<number> => {
      const before = collections();
      await vi.advanceTimersByTimeAsync(seconds * 1000);
      return collections() - before;
    };
    const first = await within(100);
    await within(900);
    const later = await within(100);
    expect(first).toBeGreaterThan(100);
    expect(later).toBeLessThan(first / 4);
    expect(later).toBeGreaterThan(10);
    await recording.end();
    expect(await within(600)).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('by the time of a trace', () => {
  it('makes a scrape when one is due by that, and waits for it', async () => {
    const { recording, collections, pass } = setUp(true);
    await recording.begin();
    expect(recording.passed()).toBeUndefined();
    pass(0.1);
    expect(recording.passed()).toBeUndefined();
    pass(0.2);
    await recording.passed();
    expect([recording.scrapes, collections()]).toEqual([2, 2]);
    // After a long time a little of it is not worth a scrape.
    pass(10_000);
    await recording.passed();
    pass(1);
    expect(recording.passed()).toBeUndefined();
    await recording.end();
    expect(recording.window).toEqual({ from: BEGIN_S, to: expect.closeTo(BEGIN_S + 10_001.3, 3) });
  });

  it('makes none for a page that nobody looks at', async () => {
    const { recording, pass } = setUp(false);
    await recording.begin();
    pass(1000);
    expect(recording.passed()).toBeUndefined();
    recording.look(true);
    await recording.passed();
    expect(recording.scrapes).toBe(2);
    recording.look(false);
    await recording.end();
  });

  it('has a time that is not empty, also of a trace that took none', async () => {
    const { recording } = setUp(true);
    const { from, to } = recording.window;
    expect(to).toBeGreaterThan(from);
    await recording.begin();
    await recording.end();
    expect(recording.window.to).toBeGreaterThan(recording.window.from);
  });
});
