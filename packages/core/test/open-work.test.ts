import { describe, expect, test } from 'vitest';
import { OpenWork, type Work } from '../src/open-work.ts';

interface Job extends Work<Job> {
  readonly name: string;
}

function setup(limit = 2, maxAgeMs = 100) {
  const abandoned: string[] = [];
  const forgotten: string[] = [];
  const work = new OpenWork<Job>(
    { limit, maxAgeMs },
    {
      abandoned: ({ name }, reason) => abandoned.push(`${name} ${reason}`),
      forgotten: ({ name }) => forgotten.push(name),
    },
  );
  const add = (name: string, now = 0): Job => {
    const job: Job = { name, sinceTime: now, endedTime: undefined, older: undefined, newer: undefined };
    work.add(job);
    return job;
  };
  return { work, add, abandoned, forgotten };
}

describe('the limit', () => {
  test('refuses and counts what is too much, once and for good', () => {
    const { work, add, abandoned } = setup();
    add('a');
    add('b');
    const refused = add('c');
    expect(work.size).toBe(2);
    expect(abandoned).toEqual(['c limit']);
    expect(refused.endedTime).toBe(Number.POSITIVE_INFINITY);
  });

  test('has room again when work ends', () => {
    const { work, add, abandoned } = setup();
    const a = add('a');
    add('b');
    work.end(a, 50, 10);
    add('c', 10);
    expect(work.size).toBe(2);
    expect(abandoned).toEqual([]);
    expect(a.endedTime).toBe(50);
  });

  test('holds for what has ended too: the one that ended first is forgotten, uncounted', () => {
    const { work, add, abandoned, forgotten } = setup();
    for (const name of ['a', 'b', 'c', 'd']) work.end(add(name), 1, 1);
    expect(forgotten).toEqual(['a', 'b']);
    add('e');
    expect(forgotten).toEqual(['a', 'b', 'c']);
    expect(abandoned).toEqual([]);
  });
});

test('ending many at once forgets none of them: their owner may still hold them in a list', () => {
  const { work, add, forgotten } = setup(3);
  for (const name of ['a', 'b', 'c']) work.end(add(name), 1, 1);
  const open = ['d', 'e', 'f'].map((name) => add(name));
  expect(forgotten).toEqual(['a']);
  for (const job of open) work.end(job, 2, 2);
  expect(forgotten).toEqual(['a']);
  add('g');
  expect(forgotten).toEqual(['a', 'b', 'c', 'd']);
});

test('what is heard of again after its end is remembered longer than what is not', () => {
  const { work, add, forgotten } = setup();
  const a = add('a');
  work.recall(a, 5);
  expect([work.size, a.sinceTime]).toEqual([1, 0]);
  work.end(a, 1, 10);
  work.end(add('b'), 2, 20);
  work.recall(a, 30);
  expect([a.endedTime, a.sinceTime]).toEqual([1, 30]);
  add('c');
  expect(forgotten).toEqual(['b']);
});

describe('age', () => {
  test('gives up open work past it, and forgets it as long again after', () => {
    const { work, add, abandoned, forgotten } = setup();
    const a = add('a', 0);
    add('b', 50);
    work.sweep(100);
    expect(abandoned).toEqual([]);
    work.sweep(101);
    expect(abandoned).toEqual(['a age']);
    expect([work.size, a.endedTime]).toEqual([1, Number.POSITIVE_INFINITY]);
    work.sweep(201);
    expect(forgotten).toEqual([]);
    work.sweep(202);
    expect(abandoned).toEqual(['a age', 'b age']);
    expect(forgotten).toEqual(['a']);
  });

  test('of ended work runs from its end', () => {
    const { work, add, forgotten } = setup();
    const a = add('a', 0);
    work.end(a, 7, 90);
    work.sweep(190);
    expect(forgotten).toEqual([]);
    work.sweep(191);
    expect(forgotten).toEqual(['a']);
  });
});

test('an end that is known only later replaces the one before', () => {
  const { work, add, forgotten } = setup();
  const a = add('a');
  work.end(a, Number.POSITIVE_INFINITY, 10);
  work.end(a, 20, 20);
  expect(a.endedTime).toBe(20);
  work.forget(a);
  expect(forgotten).toEqual(['a']);
  expect(work.size).toBe(0);
});
