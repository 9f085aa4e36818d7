#!/usr/bin/env node
// Committed, so that npm can link it before the first build.
import { run } from './run.js';

await run(process.argv.slice(2));
