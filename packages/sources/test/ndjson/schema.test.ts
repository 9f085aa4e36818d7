import { readFileSync } from 'node:fs';
import { EVENT_NAMES } from '@kvscope/core';
import { expect, it } from 'vitest';
import { EVENT_FIELDS, type FieldCheck } from '../../src/ndjson/event-fields.ts';

interface EventSchema {
  readonly title: string;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const schema = JSON.parse(
  readFileSync(new URL('../../schema/event-line.schema.json', import.meta.url), 'utf8'),
) as { oneOf: readonly EventSchema[] };

/** What the schema must say where the validator makes a check. */
function stated(check: FieldCheck): Readonly<Record<string, unknown>> {
  if (typeof check === 'object') return { enum: [...check.words].sort() };
  switch (check) {
    case 'time':
      return { type: 'number' };
    case 'count':
      return { type: 'number', minimum: 0 };
    case 'text':
      return { type: 'string' };
    case 'boolean':
      return { type: 'boolean' };
    case 'batch':
      return { type: ['number', 'string'] };
    case 'keys':
      return { type: 'array', items: { $ref: '#/$defs/key' } };
    case 'shards':
      return { type: 'object' };
  }
}

it('has every event', () => {
  expect(schema.oneOf.map(({ title }) => title)).toEqual([...EVENT_NAMES]);
});

it.each(schema.oneOf)('asks of $title what the validator asks', ({ title, required, properties }) => {
  const fields = EVENT_FIELDS[title as keyof typeof EVENT_FIELDS];
  const checks: [string, FieldCheck][] = [
    ...Object.entries<FieldCheck>(fields.required),
    ...Object.entries<FieldCheck>(fields.optional),
    ['time', 'time'],
  ];
  expect([...required].sort()).toEqual(['event', 'time', ...Object.keys(fields.required)].sort());
  expect(Object.keys(properties).sort()).toEqual(['event', 'source', ...checks.map(([name]) => name)].sort());
  for (const [name, check] of checks) expect(properties[name]).toMatchObject(stated(check));
});
