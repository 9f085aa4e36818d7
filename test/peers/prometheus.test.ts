import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TIERS, type Tier } from '@kvscope/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { histogramQuantile } from '../../packages/report/src/evaluation/quantile.ts';
import { formatCount, formatSeconds, formatShare } from '../../packages/report/src/format.ts';
import { kvscope } from '../replay/kvscope.ts';
import { reportAbsentPeer } from './absent-peer.ts';
import { samplesOf } from './exposition.ts';
import { prometheusVersion, type Sample, scrapeOnce } from './prometheus.ts';
import { holdReplay } from './serving-command.ts';
import { summaryTable } from './summary-table.ts';

const version = await prometheusVersion();
if (version === undefined) reportAbsentPeer('prometheus', 'Install it: apt-get install prometheus');

const MOONCAKE = fileURLToPath(
  new URL('../../../shared/traces/mooncake_conversation_trace.jsonl', import.meta.url),
);
const TRACES: [name: string, args: string[]][] = [['the bundled sample', []]];
if (existsSync(MOONCAKE)) TRACES.push(['one hour of production requests', [MOONCAKE]]);
else console.warn('SKIPPED: the Mooncake conversation trace is not beside the project');

const TIER_NAMES: Readonly<Record<Tier, string>> = { l0: 'l0 device', l1: 'l1 host', l2: 'l2 storage' };
const QUANTILES = [0.5, 0.9, 0.99];
const LIFETIME = 'kv_cache_block_lifetime_bucket';
/** Both sides divide and interpolate doubles, each in its own order. */
const RELATIVE_ERROR = 1e-12;

describe.skipIf(version === undefined)('a Prometheus that scrapes a held replay', () => {
  it.each(TRACES)('answers as the summary and the figures of %s do', async (_, args) => {
    const replay = await holdReplay(args);
    onTestFinished(async () => {
      await replay.stop();
    });
    const prometheus = await scrapeOnce(replay.url);
    onTestFinished(prometheus.stop);
    const answer = async (promql: string) => byTier(await prometheus.query(promql));

    const asked = await answer(sum('kv_cache_lookup_blocks_total'));
    const hits = await answer(sum('kv_cache_lookup_blocks_total{kv_cache_lookup_result="hit"}'));
    const ratios = await answer(
      `${sum('kv_cache_lookup_blocks_total{kv_cache_lookup_result="hit"}')} / ${sum('kv_cache_lookup_blocks_total')}`,
    );
    const lifetimes = new Map<number, Record<Tier, number>>();
    for (const quantile of QUANTILES) {
      const buckets = `sum by (le, kv_cache_tier) (${LIFETIME})`;
      lifetimes.set(quantile, await answer(`histogram_quantile(${quantile}, ${buckets})`));
    }
    const page = await (await fetch(replay.url)).text();
    await prometheus.stop();
    const { code, summary } = await replay.stop();
    expect(code).toBe(0);

    const figures = await figuresOf(args);
    const hitRatio = summaryTable(summary, 'HIT RATIO');
    const blocks = summaryTable(summary, 'BLOCKS');
    for (const tier of TIERS) {
      expect({ asked: asked[tier], hits: hits[tier] }).toEqual(figures[tier]);
      expect(ratios[tier]).toBe(figures[tier].hits / figures[tier].asked);
      expect(hitRatio.get(TIER_NAMES[tier])).toEqual([
        expect.any(String),
        formatCount(asked[tier]),
        formatCount(hits[tier]),
        formatShare(ratios[tier]),
        expect.any(String),
      ]);

      const [, , ...shown] = blocks.get(`${tier} lifetime`) ?? [];
      const buckets = bucketsOf(tier, page);
      expect(buckets.counts.some((count) => count > 0)).toBe(true);
      for (const [i, quantile] of QUANTILES.entries()) {
        const answered = lifetimes.get(quantile)?.[tier] as number;
        const expected = histogramQuantile(quantile, buckets);
        expect(Math.abs(answered - expected)).toBeLessThanOrEqual(RELATIVE_ERROR * expected);
        // The summary marks a quantile beyond the last boundary, which PromQL gives as that boundary.
        expect(shown[i]?.replace('>= ', '')).toBe(formatSeconds(answered));
      }
    }
  });
});

function sum(selector: string): string {
  return `sum by (kv_cache_tier) (${selector})`;
}

function byTier(samples: readonly Sample[]): Record<Tier, number> {
  const values = Object.fromEntries(samples.map(({ labels, value }) => [labels.kv_cache_tier, value]));
  expect(Object.keys(values).sort()).toEqual([...TIERS]);
  return values as Record<Tier, number>;
}

/** What each tier was asked for and held, from the JSON of another run: a replay at full rate is deterministic. */
async function figuresOf(args: readonly string[]) {
  const { stdout } = await kvscope(['replay', ...args, '--json']);
  const { lookups, hits } = JSON.parse(stdout) as { lookups: number; hits: Record<Tier, number> };
  // A tier is asked for what the tiers before it missed.
  const missedByL0 = lookups - hits.l0;
  return {
    l0: { asked: lookups, hits: hits.l0 },
    l1: { asked: missedByL0, hits: hits.l1 },
    l2: { asked: missedByL0 - hits.l1, hits: hits.l2 },
  };
}

/** The lifetime buckets of a tier as the page gives them, over all sources. */
function bucketsOf(tier: Tier, page: string) {
  const upTo = new Map<number, number>();
  for (const { labels, value } of samplesOf(LIFETIME, page)) {
    if (labels.kv_cache_tier !== tier) continue;
    const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
    upTo.set(bound, (upTo.get(bound) ?? 0) + value);
  }
  const bounds = [...upTo.keys()].sort((a, b) => a - b);
  const cumulative = bounds.map((bound) => upTo.get(bound) as number);
  return {
    boundaries: bounds.slice(0, -1),
    counts: cumulative.map((count, i) => count - (cumulative[i - 1] ?? 0)),
  };
}
