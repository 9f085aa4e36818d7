import { writeFile } from 'node:fs/promises';
import { EVENT_LINE_SCHEMA, eventLineSchemaText } from './event-line-schema.js';

await writeFile(EVENT_LINE_SCHEMA, eventLineSchemaText());
console.log(`wrote ${EVENT_LINE_SCHEMA}`);
