import type { TablePanel } from '../../page/report-data.js';
import { formatValue } from '../../page/units.js';
import type { Asking } from '../asking.js';
import { knownPanel, queryOf } from '../known-panel.js';
import { figure, type MakeSection, panelsOf, withPanels } from '../section.js';
import { stateOf } from '../states.js';

const TIER = 'kv_cache.tier';
const HIT_RATIO = knownPanel('overview', 'Hit ratio per tier');
const LOOKED_UP = knownPanel('overview', 'Blocks looked up');
const IN_USE = knownPanel('lifecycle', 'Share in use');
const STORES = knownPanel('overview', 'Stores by cause');
const EVICTIONS = knownPanel('overview', 'Evictions by reason');
const LOWER_TIER = knownPanel('store', 'Backend load ratio');

export const tiers: MakeSection = async (asking) => {
  const lowerTier = await asking.one(queryOf(LOWER_TIER));
  const hits = await hitsByTier(asking);
  const state = lowerTier === null && hits.size > 0 ? 'plain' : stateOf(lowerTier, LOWER_TIER.thresholds);
  const all = [...hits.values()].reduce((sum, value) => sum + value, 0);
  return {
    id: 'tiers',
    question: 'Which tier holds it?',
    verdict: { state, text: verdict(hits, all, lowerTier) },
    figures: [
      ...[...hits].map(([tier, value]) =>
        figure(`of all hits in ${tier}`, all > 0 ? value / all : null, 'percentunit'),
      ),
      figure('of the shards of loads from the lower tier', lowerTier, 'percentunit', state),
    ],
    ...withPanels(
      [await table(asking, hits)],
      await panelsOf(asking, [LOWER_TIER, IN_USE, knownPanel('overview', 'Bandwidth (aggregated)')]),
    ),
  };
};

async function hitsByTier(asking: Asking): Promise<ReadonlyMap<string, number>> {
  const hits = new Map<string, number>();
  for (const { labels, value } of await asking.whole(queryOf(LOOKED_UP))) {
    const { kv_cache_tier: tier = '', kv_cache_lookup_result: result } = labels;
    if (result === 'hit') hits.set(tier, (hits.get(tier) ?? 0) + value);
  }
  return new Map([...hits].sort());
}

async function table(asking: Asking, hits: ReadonlyMap<string, number>): Promise<TablePanel | undefined> {
  const columns = [
    { title: 'asked for', unit: 'suffix: blocks/s', values: await asking.by(queryOf(LOOKED_UP), TIER) },
    { title: 'held', unit: 'percentunit', values: await asking.by(queryOf(HIT_RATIO, undefined), TIER) },
    { title: 'hits', unit: 'suffix: blocks/s', values: hits },
    { title: 'stored', unit: 'suffix: blocks/s', values: await asking.by(queryOf(STORES), TIER) },
    { title: 'evicted', unit: 'suffix: blocks/s', values: await asking.by(queryOf(EVICTIONS), TIER) },
    { title: 'in use at the end', unit: 'percentunit', values: await asking.by(queryOf(IN_USE), TIER) },
  ] as const;
  const names = [...new Set(columns.flatMap(({ values }) => [...values.keys()]))].sort();
  if (names.length === 0) return undefined;
  return {
    kind: 'table',
    id: 'tiers-table',
    title: 'Tiers',
    description: 'Over the whole time. A lower tier is asked only for what the tiers above it missed.',
    unit: 'short',
    wide: true,
    columns: [{ title: 'tier' }, ...columns.map(({ title, unit }) => ({ title, unit }))],
    rows: names.map((name) => ({
      name,
      state: 'plain',
      cells: columns.map(({ values }) => values.get(name) ?? null),
    })),
  };
}

function verdict(hits: ReadonlyMap<string, number>, all: number, lowerTier: number | null): string {
  const [most] = [...hits].sort(([, a], [, b]) => b - a);
  const first =
    most === undefined || all === 0
      ? 'No hit was measured in this time.'
      : `Most of what was found was in ${most[0]}: ${formatValue(most[1] / all, 'percentunit')} of all hits.`;
  if (lowerTier === null) return first;
  return `${first} Of the shards that loads moved, ${formatValue(lowerTier, 'percentunit')} had to come from the lower tier.`;
}
