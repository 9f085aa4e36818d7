#!/usr/bin/env node
// What `npm start` runs: a workload on the embedded store, or whatever command follows `npm start --`.
import { run } from './run.js';

const args = process.argv.slice(2);
await run(args.length > 0 ? args : ['demo']);
