import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createBus, TIERS } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { generateRequestTrace } from '../../src/generator/generate-request-trace.js';
import { SAMPLE_OPTIONS, SAMPLE_PATH, SAMPLE_TIERS } from '../../src/generator/sample.js';
import { replay } from '../../src/replay/replay.js';
import { readRequestTrace } from '../../src/request-trace/read-request-trace.js';
import { formatRequest } from '../../src/request-trace/trace-request.js';
import { byTier } from '../replay/events.js';

describe('the bundled sample', () => {
  it('is what the generator gives for its options; `npm run sample` writes it anew', () => {
    const bundled = gunzipSync(readFileSync(SAMPLE_PATH)).toString();
    const lines = Array.from(
      generateRequestTrace(SAMPLE_OPTIONS),
      (request) => `${formatRequest(request)}\n`,
    );
    expect(bundled === lines.join('')).toBe(true);
  });

  it('is small', () => {
    expect(readFileSync(SAMPLE_PATH).length).toBeLessThan(150_000);
  });

  it('gives every tier hits, misses and evictions', async () => {
    const bus = createBus();
    const seen = byTier(() => ({ blocks: 0, hits: 0, evicted: 0 }));
    bus.subscribe('lookup.finished', 'test', ({ tier, blocks, hits }) => {
      seen[tier].blocks += blocks;
      seen[tier].hits += hits;
    });
    bus.subscribe('block.evicted', 'test', ({ tier, keys }) => {
      seen[tier].evicted += keys.length;
    });
    await replay(readRequestTrace(SAMPLE_PATH, { strict: true }), { tiers: SAMPLE_TIERS, bus });
    for (const tier of TIERS) {
      expect(seen[tier].hits / seen.l0.blocks).toBeGreaterThan(0.05);
      expect(seen[tier].hits / seen[tier].blocks).toBeLessThan(0.6);
      expect(seen[tier].evicted).toBeGreaterThan(1000);
    }
  });
});
