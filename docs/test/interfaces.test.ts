import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Declarations, readDeclarations } from '../src/interfaces.ts';

const MAIN = `
import type { Elsewhere } from './elsewhere.js';

/** A color. Mixed from others. */
export type Color = 'red' | 'green';

/** What all have. */
interface Base {
  /** When. @unit epoch ms */
  readonly time: number;
}

/** A part. */
interface Part {
  /** How big. @unit By */
  readonly size: number;
}

/**
 * A thing,
 * see {@link Part}.
 */
export interface Thing extends Base {
  /** Its color. */
  readonly color?: Color;
  /** Its parts. */
  readonly parts: readonly Part[];
  /** Where it comes from. */
  readonly from: Elsewhere;
  readonly id: number | string;
  readonly whole: boolean;
}

export interface Things {
  plain: Thing;
  /** A special thing. */
  special: Thing;
}
`;

let folder: string;
let declared: Declarations;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kvscope-docs-'));
  writeFileSync(join(folder, 'main.ts'), MAIN);
  writeFileSync(join(folder, 'elsewhere.ts'), 'export interface Elsewhere { readonly name: string }\n');
  declared = readDeclarations(join(folder, 'main.ts'), join(folder, 'elsewhere.ts'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('an interface has its description in one line, and its own and inherited fields', () => {
  const { name, description, fields } = declared.interface('Thing');
  expect([name, description]).toEqual(['Thing', 'A thing, see `Part`.']);
  expect(fields.map((field) => [field.name, field.inherited])).toEqual([
    ['color', false],
    ['parts', false],
    ['from', false],
    ['id', false],
    ['whole', false],
    ['time', true],
  ]);
});

test('a field has its type, unit, words, and whether it may be absent', () => {
  const fields = new Map(declared.interface('Thing').fields.map((field) => [field.name, field]));
  expect(fields.get('time')).toMatchObject({ type: 'number', unit: 'epoch ms', description: 'When.' });
  expect(fields.get('color')).toMatchObject({ optional: true, unit: '', description: 'Its color.' });
  expect([...(fields.get('color')?.words ?? [])].sort()).toEqual(['green', 'red']);
  expect(fields.get('id')).toMatchObject({ type: 'string | number', optional: false, words: [] });
  expect(fields.get('whole')).toMatchObject({ type: 'boolean', words: [] });
});

test('a list of interfaces of the same file brings their fields, an interface of another file does not', () => {
  const fields = new Map(declared.interface('Thing').fields.map((field) => [field.name, field]));
  expect(fields.get('parts')).toMatchObject({
    type: 'readonly Part[]',
    fields: [{ name: 'size', unit: 'By', description: 'How big.', inherited: false }],
  });
  expect(fields.get('from')).toMatchObject({ type: 'Elsewhere', fields: [] });
});

test("a property's own description goes before that of its type", () => {
  const things = declared.properties('Things');
  expect(things.get('plain')?.description).toBe('A thing, see `Part`.');
  expect(things.get('special')?.description).toBe('A special thing.');
  expect(things.get('special')?.fields).toEqual(things.get('plain')?.fields);
});

test('an alias has its description; what is not declared is an error', () => {
  expect(declared.alias('Color')).toBe('A color. Mixed from others.');
  expect(declared.interface('Elsewhere').fields.map(({ name }) => name)).toEqual(['name']);
  expect(() => declared.interface('Missing')).toThrow('no type Missing in ');
});
