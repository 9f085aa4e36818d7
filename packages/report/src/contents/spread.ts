import type { Panel } from '@kvscope/dashboards';
import type { SpreadPanel } from '../page/report-data.js';
import { type Asking, rounded } from './asking.js';
import { ascending, boundOf, occupied, within } from './buckets.js';
import { queryOf } from './known-panel.js';

/** A histogram of the whole span, and what it is called on the chart. */
export interface NamedSpread {
  readonly name: string;
  /** The heat map that shows it over time. */
  readonly panel: Panel;
}

type Head = Pick<SpreadPanel, 'id' | 'title' | 'description'>;

/**
 * Several histograms with the same buckets on one axis.
 * @returns undefined when nothing was observed in any of them
 */
export async function spreadPanel(
  asking: Asking,
  head: Head,
  spreads: readonly NamedSpread[],
): Promise<SpreadPanel | undefined> {
  const found: {
    readonly name: string;
    readonly bounds: readonly number[];
    readonly shares: readonly number[];
  }[] = [];
  for (const { name, panel } of spreads) {
    const samples = await asking.whole(queryOf(panel));
    const buckets = ascending(
      samples.map(({ labels, value }) => ({ bound: boundOf(labels), counts: value })),
    );
    const all = buckets.at(-1)?.counts ?? 0;
    if (all <= 0) continue;
    const shares = buckets.map(
      ({ counts }, i) => (within(counts, buckets[i - 1]?.counts ?? null) ?? 0) / all,
    );
    found.push({ name, bounds: buckets.map(({ bound }) => bound), shares });
  }
  const [first] = found;
  if (first === undefined) return undefined;
  const alike = found.filter(({ bounds }) => String(bounds) === String(first.bounds));
  const [from, end] = occupied(
    first.bounds.map((_, i) => alike.some(({ shares }) => (shares[i] as number) > 0)),
  ) as [number, number];
  return {
    kind: 'spread',
    ...head,
    unit: 's',
    bounds: first.bounds.slice(from, end).map((bound) => (Number.isFinite(bound) ? bound : null)),
    below: first.bounds[from - 1] ?? null,
    spreads: alike.map(({ name, shares }) => ({ name, shares: shares.slice(from, end).map(rounded) })),
  };
}
