import { expect, it } from 'vitest';
import { createProgress, progressLine } from '../src/progress.ts';
import { table } from '../src/table.ts';

it('a table is as wide as its cells', () => {
  expect(
    table(
      ['A', 'figure'],
      [
        ['long', '1'],
        ['b', '22'],
      ],
    ),
  ).toBe('A     figure\nlong       1\nb         22');
});

it('progress shows a bar where the whole is known, a count where it is not, and nothing in a pipe', () => {
  expect(progressLine(0.5, 1200, 'requests')).toBe(
    `${'█'.repeat(15)}${'░'.repeat(15)}  50 %  1,200 requests`,
  );
  expect(progressLine(undefined, 3, 'requests')).toBe('3 requests');
  const written: string[] = [];
  const stream = (isTTY: boolean) => ({
    isTTY,
    columns: 80,
    write: (text: string) => written.push(text) > 0,
  });
  const piped = createProgress('requests', stream(false) as never);
  piped.update(0.5, 1);
  piped.end();
  expect(written).toEqual([]);
  const shown = createProgress('requests', stream(true) as never);
  shown.update(0.5, 1);
  shown.end();
  expect(written).toHaveLength(2);
});
