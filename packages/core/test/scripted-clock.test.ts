import { expect, test } from 'vitest';
import { ScriptedClock } from '../src/scripted-clock.ts';

test('stands still until it is moved', () => {
  const clock = new ScriptedClock(500);
  expect(clock.now()).toBe(500);
  clock.advance(0.25);
  expect(clock.now()).toBe(500.25);
  clock.moveTo(100);
  expect(clock.now()).toBe(100);
  expect(new ScriptedClock().now()).toBe(0);
});

test('runs what falls due in the order of the due times, each at its time', () => {
  const clock = new ScriptedClock();
  const runs: [string, number][] = [];
  clock.every(30, () => runs.push(['slow', clock.now()]));
  clock.every(20, () => runs.push(['fast', clock.now()]));
  clock.moveTo(60);
  expect(runs).toEqual([
    ['fast', 20],
    ['slow', 30],
    ['fast', 40],
    ['slow', 60],
    ['fast', 60],
  ]);
  expect(clock.now()).toBe(60);
});

test('a timer runs at its due time and not before', () => {
  const clock = new ScriptedClock(1000);
  let runs = 0;
  clock.every(10, () => runs++);
  clock.advance(9.999);
  expect(runs).toBe(0);
  clock.advance(0.001);
  expect(runs).toBe(1);
});

test('counts its timers, and an undone one runs no more', () => {
  const clock = new ScriptedClock();
  let runs = 0;
  const undo = clock.every(10, () => runs++);
  clock.every(10, () => {});
  expect(clock.timers).toBe(2);
  clock.advance(10);
  undo();
  undo();
  clock.advance(100);
  expect(clock.timers).toBe(1);
  expect(runs).toBe(1);
});

test('a task may undo its own timer, and start another', () => {
  const clock = new ScriptedClock();
  const runs: number[] = [];
  const undo = clock.every(10, () => {
    undo();
    clock.every(3, () => runs.push(clock.now()));
  });
  clock.advance(17);
  expect(runs).toEqual([13, 16]);
  expect(clock.timers).toBe(1);
});

test('going back runs nothing, and a timer keeps its due time', () => {
  const clock = new ScriptedClock(100);
  let runs = 0;
  clock.every(10, () => runs++);
  clock.moveTo(50);
  clock.moveTo(109);
  expect(runs).toBe(0);
  clock.moveTo(110);
  expect(runs).toBe(1);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses an interval of %s ms', (intervalMs) => {
  const clock = new ScriptedClock();
  expect(() => clock.every(intervalMs, () => {})).toThrow(
    `intervalMs is ${intervalMs}; allowed: a finite number above 0`,
  );
  expect(clock.timers).toBe(0);
});
