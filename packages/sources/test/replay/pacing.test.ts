import { ScriptedClock } from '@kvscope/core/testing';
import { describe, expect, it } from 'vitest';
import { Pacing } from '../../src/replay/pacing.js';

const DAY_MS = 86_400_000;

/** A wait that passes at once and moves the clock by what was asked for, or by what the test says instead. */
function setup(speed: number, passes: (ms: number) => number = (ms) => ms) {
  const clock = new ScriptedClock(1_700_000_000_000);
  const waits: number[] = [];
  const wait = async (ms: number) => {
    waits.push(ms);
    clock.advance(passes(ms));
  };
  return { clock, waits, pacing: new Pacing(speed, clock, wait) };
}

async function pace({ pacing, waits }: ReturnType<typeof setup>, ...timestamps: number[]) {
  for (const timestamp of timestamps) await pacing.until(timestamp, undefined);
  return waits;
}

describe('Pacing', () => {
  it('lets the first request pass at once and the others as far behind it as in the trace', async () => {
    expect(await pace(setup(1), 5000, 5000, 5250, 6000)).toEqual([250, 750]);
  });

  it('divides the time of the trace by the speed', async () => {
    expect(await pace(setup(10), 0, 1000, 1500)).toEqual([100, 50]);
    expect(await pace(setup(0.5), 0, 1000)).toEqual([2000]);
  });

  it('never waits for a timestamp that runs backwards, and counts from the first', async () => {
    expect(await pace(setup(1), 1000, 1400, 900, 1100, 1500)).toEqual([400, 100]);
  });

  it('catches up when it is late', async () => {
    const paced = setup(1);
    await pace(paced, 0);
    paced.clock.advance(300);
    expect(await pace(paced, 100, 250, 400)).toEqual([100]);
  });

  it('waits on when a timer came early', async () => {
    expect(
      await pace(
        setup(1, (ms) => ms / 2 + 0.25),
        0,
        2,
      ),
    ).toEqual([2, 0.75, 0.125]);
  });

  it('waits in parts for what is longer than a timer takes', async () => {
    const longest = 2 ** 31 - 1;
    expect(await pace(setup(1), 0, 30 * DAY_MS)).toEqual([longest, 30 * DAY_MS - longest]);
  });

  it.each([0, -1, Number.NaN, 1e-7, 1e10])('refuses the speed %s', (speed) => {
    expect(() => setup(speed)).toThrow(
      `speed is ${speed}; allowed: 'max' or a number from 0.000001 to 1000000000`,
    );
  });
});
