import { describe, expect, it } from 'vitest';
import {
  hitRatio,
  neverReused,
  overallHitRatio,
  overlap,
  tokensSaved,
  wantedAgain,
} from '../../../dashboards/src/query/figures.ts';
import {
  buckets,
  divide,
  happened,
  level,
  mean,
  quantile,
  rate,
  total,
} from '../../../dashboards/src/query/query.ts';
import { recordedAnswers } from '../../src/evaluation/recorded-answers.ts';
import { ScrapeRecording } from '../../src/recording/scrape-recording.ts';
import { parsePage } from '../../src/recording/text-format.ts';

const TIER = 'kv_cache.tier';
const BY_TIER = { by: [TIER] };

/** Answers from pages that were scraped ten seconds apart. */
function setup(...pages: readonly (readonly string[])[]) {
  const recording = new ScrapeRecording();
  for (const [i, lines] of pages.entries()) recording.add(100 + 10 * i, parsePage(lines.join('\n')));
  const answers = recordedAnswers(recording, { source: 'a test' });
  const [from, to] = [100, 100 + 10 * (pages.length - 1)];
  const at = async (query: Parameters<typeof answers.at>[0]) =>
    Object.fromEntries(
      (await answers.at(query, { time: to, windowSeconds: to - from })).map(({ labels, value }) => [
        Object.values(labels).join(' '),
        value,
      ]),
    );
  return { answers, at, from, to };
}

const lookups = (tier: string, hits: number, misses: number) => [
  `kv_cache_lookup_blocks_total{kv_cache_tier="${tier}",kv_cache_lookup_result="hit"} ${hits}`,
  `kv_cache_lookup_blocks_total{kv_cache_tier="${tier}",kv_cache_lookup_result="miss"} ${misses}`,
];
const histogram = (name: string, counts: Record<string, number>, sum: number, labels = '') => [
  ...Object.entries(counts).map(([le, n]) => `${name}_bucket{le="${le}"${labels && `,${labels}`}} ${n}`),
  `${name}_count${labels && `{${labels}}`} ${Object.values(counts).at(-1)}`,
  `${name}_sum${labels && `{${labels}}`} ${sum}`,
];

describe('a query over two scrapes', () => {
  it('ratios by tier, and over all tiers of the blocks asked of the first', async () => {
    const { at } = setup(
      [...lookups('l0', 10, 90), ...lookups('l1', 0, 90)],
      [...lookups('l0', 40, 160), ...lookups('l1', 20, 140)],
    );
    expect(await at(hitRatio)).toEqual({ l0: 0.3, l1: expect.closeTo(20 / 70, 12) });
    expect(await at(overallHitRatio)).toEqual({ '': 0.5 });
  });

  it('has no answer where there is nothing to divide by', async () => {
    const { at } = setup(lookups('l0', 10, 90), lookups('l0', 10, 90));
    expect(await at(hitRatio)).toEqual({});
  });

  it('quantiles and means of a histogram, of what came between the scrapes', async () => {
    const name = 'kv_cache_io_duration';
    const { at } = setup(
      histogram(name, { '0.01': 100, '0.02': 100, '+Inf': 100 }, 1),
      histogram(name, { '0.01': 104, '0.02': 108, '+Inf': 110 }, 3),
    );
    expect(await at(mean('kv_cache.io.duration'))).toEqual({ '': expect.closeTo(0.2, 12) });
    // Of ten the fifth is a quarter into the second bucket; the last ones are above every bound.
    expect(await at(quantile(0.5, 'kv_cache.io.duration'))).toEqual({ '': expect.closeTo(0.0125, 12) });
    expect(await at(quantile(0.99, 'kv_cache.io.duration'))).toEqual({ '': 0.02 });
    expect(await at(buckets('kv_cache.io.duration'))).toEqual({ '0.01': 0.4, '0.02': 0.8, '+Inf': 1 });
    expect(await at(divide(quantile(0.5, 'kv_cache.io.duration'), mean('kv_cache.io.duration')))).toEqual({
      '': expect.closeTo(0.0625, 12),
    });
  });

  it('observations up to a boundary', async () => {
    const l1 = 'kv_cache_tier="l1"';
    const name = 'kv_cache_block_reuses';
    const { at } = setup(
      histogram(name, { '0': 0, '+Inf': 0 }, 0, l1),
      histogram(name, { '0': 3, '+Inf': 4 }, 1, l1),
    );
    expect(await at(neverReused)).toEqual({ l1: expect.closeTo(0.75, 12) });
  });

  it('what adds up where one side is missing', async () => {
    const gap = (n: number) =>
      histogram('kv_cache_block_evict_reuse_gap', { '+Inf': n }, n, 'kv_cache_tier="l0"');
    const misses = (tier: string, n: number) => [
      `kv_cache_block_evict_reuse_misses_total{kv_cache_tier="${tier}"} ${n}`,
    ];
    const { at } = setup(
      [...gap(0), ...misses('l0', 0), ...misses('l1', 0)],
      [...gap(1), ...misses('l0', 3), ...misses('l1', 5)],
    );
    expect(await at(wantedAgain)).toEqual({ l0: 0.25 });
  });

  it('what is missing to 1, never below 0', async () => {
    const lines = (waited: number, loaded: number) => [
      `kv_cache_layer_wait_duration_sum{kv_cache_operation_name="load"} ${waited}`,
      `kv_cache_layer_load_duration_sum ${loaded}`,
    ];
    expect(await setup(lines(0, 0), lines(1, 4)).at(overlap)).toEqual({ '': 0.75 });
    expect(await setup(lines(0, 0), lines(5, 4)).at(overlap)).toEqual({ '': 0 });
  });

  it('levels are those of the last scrape, weighted with what one unit stands for', async () => {
    const { at } = setup(
      [...lookups('l0', 0, 0), 'kv_cache_block_tokens{kv_cache_tier="l0"} 16'],
      [
        ...lookups('l0', 50, 0),
        'kv_cache_block_tokens{kv_cache_tier="l0"} 16',
        'kv_cache_block_usage{kv_cache_tier="l0",kv_cache_block_state="pinned"} 3',
        'kv_cache_block_usage{kv_cache_tier="l0",kv_cache_block_state="evictable"} 4',
      ],
    );
    expect(await at(tokensSaved)).toEqual({ l0: 80 });
    expect(await at(total('kv_cache.block.usage', BY_TIER))).toEqual({ l0: 7 });
    for (const [of, value] of [
      ['max', 4],
      ['min', 3],
      ['avg', 3.5],
    ] as const) {
      expect(await at(level('kv_cache.block.usage', { of }))).toEqual({ '': value });
    }
  });

  it('a counter that is born has happened, one that stands still has not', async () => {
    const errors = (type: string, n: number) => `kv_cache_io_errors_total{error_type="${type}"} ${n}`;
    const by = { by: ['error.type'] };
    const { at } = setup([errors('timeout', 2)], [errors('timeout', 2), errors('no_space', 1)]);
    expect(Object.keys(await at(happened('kv_cache.io.errors', by)))).toEqual(['no_space']);
    expect(await at(rate('kv_cache.io.errors', { where: { 'error.type': { present: true } } }))).toEqual({
      '': 0.1,
    });
  });

  it('selects by one value, by several and by what is there', async () => {
    const lines = (n: number) =>
      ['capacity', 'expired', 'deleted'].map(
        (reason, i) => `kv_cache_evictions_total{kv_cache_eviction_reason="${reason}"} ${n * 10 ** i}`,
      );
    const { at } = setup(lines(0), lines(10));
    const of = (reason: string | string[]) =>
      rate('kv_cache.evictions', { where: { 'kv_cache.eviction.reason': reason } });
    expect(await at(of('expired'))).toEqual({ '': 10 });
    expect(await at(of(['capacity', 'deleted']))).toEqual({ '': 101 });
  });

  it('what the registry does not have is refused by name', async () => {
    const { at } = setup([], []);
    await expect(at(rate('kv_cache.shops'))).rejects.toThrow('kv_cache.shops is not in the metric registry');
  });
});

describe('over time', () => {
  it('has a point for each moment that has an answer', async () => {
    const { answers } = setup(
      ...[0, 10, 20, 40, 80].map((n) => [`kv_cache_stores_total{kv_cache_tier="l0"} ${n}`]),
    );
    const series = await answers.over(rate('kv_cache.stores', BY_TIER), {
      from: 100,
      to: 140,
      steps: 5,
      rangeSeconds: 10,
    });
    // At the first there is one scrape to look back at.
    expect(series).toEqual([
      {
        labels: { kv_cache_tier: 'l0' },
        points: [
          [110, 1],
          [120, 1],
          [130, 2],
          [140, 4],
        ],
      },
    ]);
  });

  it('looks back over a step, and over four scrapes at least', async () => {
    const { answers } = setup(...[0, 10, 20, 40, 80].map((n) => [`kv_cache_stores_total ${n}`]));
    const [series] = await answers.over(rate('kv_cache.stores'), { from: 139, to: 140, steps: 2 });
    expect(series?.points.at(-1)).toEqual([140, 2]);
  });

  it('refuses a span that is none', async () => {
    const { answers } = setup([], []);
    const over = (span: { from: number; to: number; steps: number }) =>
      answers.over(rate('kv_cache.stores'), span);
    await expect(over({ from: 2, to: 1, steps: 5 })).rejects.toThrow(/from 2 to 1/);
    await expect(over({ from: 1, to: 2, steps: 301 })).rejects.toThrow(/steps is 301.*2 to 300/);
  });
});

it('says how a Prometheus is asked the same', () => {
  const { answers } = setup([], []);
  expect(answers.promql(rate('kv_cache.stores'), 1.5)).toBe('sum (rate(kv_cache_stores_total[1500ms]))');
  expect(() => answers.promql(rate('kv_cache.stores'), 0)).toThrow(/window is 0 s/);
});
