// Writes the bundled sample anew from SAMPLE_OPTIONS. Run by `npm run sample` after a build.
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { formatRequest, generateRequestTrace, SAMPLE_OPTIONS, SAMPLE_PATH } from '../dist/index.js';

const lines = Array.from(generateRequestTrace(SAMPLE_OPTIONS), (request) => `${formatRequest(request)}\n`);
writeFileSync(SAMPLE_PATH, gzipSync(lines.join(''), { level: 9 }));
