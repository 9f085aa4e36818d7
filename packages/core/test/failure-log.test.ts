import { expect, test } from 'vitest';
import { FailureLog } from '../src/failure-log.ts';
import { recordDiag } from './recording-diag.ts';

test('counts each failure and tells of each name once', () => {
  const lines = recordDiag();
  const log = new FailureLog();
  for (const name of ['a', 'b', 'a', 'a']) log.add(name, new Error(`from ${name}`));
  expect(log.counts).toEqual(
    new Map([
      ['a', 3],
      ['b', 1],
    ]),
  );
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain(
    "subscriber 'a' failed; further failures are counted, not logged. Error: from a",
  );
  expect(lines[1]).toContain("subscriber 'b' failed");
});

test('keeps 256 names and counts the rest together', () => {
  const lines = recordDiag();
  const log = new FailureLog();
  for (let i = 0; i < 300; i++) log.add(`subscriber-${i}`, new Error('x'));
  log.add('subscriber-0', new Error('x'));
  expect(log.counts.size).toBe(257);
  expect(log.counts.get('subscriber-0')).toBe(2);
  expect(log.counts.get('subscriber-255')).toBe(1);
  expect(log.counts.get('_OTHER')).toBe(44);
  expect(lines).toHaveLength(257);
});

test('survives a diag logger that throws', () => {
  recordDiag(() => {
    throw new Error('the log is full');
  });
  const log = new FailureLog();
  expect(() => log.add('a', new Error('x'))).not.toThrow();
  expect(log.counts.get('a')).toBe(1);
});

test('a diag logger that itself causes a failure does not recurse', () => {
  const log = new FailureLog();
  const lines = recordDiag(() => log.add('a', new Error('again')));
  log.add('a', new Error('first'));
  expect(log.counts.get('a')).toBe(2);
  expect(lines).toHaveLength(1);
});

test.each([
  ['a string', 'plain', 'plain'],
  ['undefined', undefined, 'undefined'],
  ['a symbol', Symbol('odd'), 'Symbol(odd)'],
  ['an error without a stack', Object.assign(new Error('bare'), { stack: undefined }), 'bare'],
])('tells the reason when %s was thrown', (_, thrown, reason) => {
  const lines = recordDiag();
  new FailureLog().add('a', thrown);
  expect(lines[0]?.endsWith(`. ${reason}`)).toBe(true);
});

test('survives an error whose text cannot be had', () => {
  recordDiag();
  const log = new FailureLog();
  const hostile = {
    toString() {
      throw new Error('no text');
    },
  };
  expect(() => log.add('a', hostile)).not.toThrow();
  expect(log.counts.get('a')).toBe(1);
});
