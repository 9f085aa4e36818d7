// Writes the JSON Schema of the configuration file anew. Run by `npm run schema -w packages/cli`.
import { writeFileSync } from 'node:fs';
import { watchConfigSchemaText } from '../dist/watch/config/watch-config.js';

writeFileSync(new URL('../schema/watch-config.schema.json', import.meta.url), watchConfigSchemaText());
