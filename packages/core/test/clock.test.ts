import { expect, test } from 'vitest';
import { systemClock } from '../src/clock.ts';
import { BUILT, runModule } from './child-process.ts';

test('tells epoch milliseconds with fractions, never going back', () => {
  const before = Date.now();
  const times = Array.from({ length: 1000 }, () => systemClock.now());
  const after = Date.now();
  // The system's own clock may be adjusted while the process runs; ours is not.
  expect(times[0]).toBeGreaterThan(before - 60_000);
  expect(times.at(-1)).toBeLessThan(after + 60_000);
  expect(times.some((time) => !Number.isInteger(time))).toBe(true);
  expect(times.every((time, i) => i === 0 || time >= (times[i - 1] as number))).toBe(true);
});

test('runs a task at each interval until it is undone', async () => {
  let runs = 0;
  await new Promise<void>((resolve) => {
    // Its timers do not keep a process alive: this one does, until the third run.
    const alive = setInterval(() => {}, 1000);
    const undo = systemClock.every(1, () => {
      if (++runs < 3) return;
      undo();
      undo();
      clearInterval(alive);
      resolve();
    });
  });
  expect(runs).toBe(3);
});

test('a timer never keeps the process alive', async () => {
  const text = `
    const { systemClock } = await import(process.argv.at(-1));
    systemClock.every(3_600_000, () => {});
    console.log('end of program');`;
  expect(await runModule(text, BUILT.href)).toBe('end of program');
});
