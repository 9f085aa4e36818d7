import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EVENT_LINE_SCHEMA, eventLineSchemaText } from '../src/event-line-schema.ts';

it('the committed schema is what the types say (write it again with `npm run schema -w docs`)', () => {
  expect(readFileSync(EVENT_LINE_SCHEMA, 'utf8')).toBe(eventLineSchemaText());
});
