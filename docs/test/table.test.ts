import { expect, test } from 'vitest';
import { boundaryName, boundaryText } from '../src/boundary-lists.ts';
import { fieldTable } from '../src/field-table.ts';
import { codeList, linkTo, table } from '../src/table.ts';

test('a table has a head, a rule and a line for each row', () => {
  expect(
    table(
      ['A', 'B'],
      [
        ['1', '2'],
        ['3', ''],
      ],
    ),
  ).toBe('| A | B |\n|---|---|\n| 1 | 2 |\n| 3 |  |');
});

test('what would break a table is escaped', () => {
  expect(table(['A'], [['a | b\n  c']])).toContain('| a \\| b c |');
});

test('words as code', () => {
  expect(codeList(['l0', 'l1'])).toBe('`l0`, `l1`');
});

test("a link to a heading follows GitHub's rule for anchors", () => {
  expect(linkTo('Block lifecycle')).toBe('[Block lifecycle](#block-lifecycle)');
  expect(linkTo('kv_cache.block.idle_time', '`idle`')).toBe('[`idle`](#kv_cacheblockidle_time)');
});

test('words stand in the order of their list, whatever order the compiler gives', () => {
  const field = { name: 'tier', optional: true, inherited: false, type: 'Tier', unit: '', fields: [] };
  const rows = fieldTable([{ ...field, words: ['l2', 'l0', 'l1'], description: 'Where.' }]);
  expect(rows).toContain('| `tier?` | `l0`, `l1`, `l2` |  | Where. |');
  expect(fieldTable([{ ...field, words: ['b', 'a'], description: '' }])).toContain('| `a`, `b` |');
});

test('boundaries are written without exponents, float noise or grouping, and found by name', async () => {
  const { RESIDENCY } = await import('@kvscope/core');
  expect(boundaryText([0.00001, 0.1 + 0.2, 1500000000, 17179869184])).toBe(
    '0.00001, 0.3, 1500000000, 17179869184',
  );
  expect(boundaryName(RESIDENCY)).toBe('RESIDENCY');
  expect(boundaryName([...RESIDENCY])).toBeUndefined();
});
