import { type BlockKey, type Bus, type LookupFinished, type Source, TIERS, type Tier } from '@kvscope/core';

export type BlockWord = 'evicted' | 'accessed' | 'stored';

export interface Published {
  readonly type: BlockWord;
  readonly time: number;
  readonly tier: Tier;
  readonly keys: readonly BlockKey[];
}

const TYPES = { evicted: 'block.evicted', accessed: 'block.accessed', stored: 'block.stored' } as const;
export const BLOCK_WORDS: readonly BlockWord[] = ['evicted', 'accessed', 'stored'];

/** Keeps what a replay publishes, in order. */
export function record(bus: Bus, words: readonly BlockWord[] = BLOCK_WORDS) {
  const events: Published[] = [];
  const lookups: LookupFinished[] = [];
  const sources = new Set<Source>();
  for (const type of words) {
    bus.subscribe(TYPES[type], 'record', ({ time, tier, keys, source }) => {
      events.push({ type, time, tier, keys });
      sources.add(source);
    });
  }
  bus.subscribe('lookup.finished', 'record', (event) => {
    lookups.push(event);
    sources.add(event.source);
  });
  return { events, lookups, sources };
}

/** What happened to each block of each tier, in order: `l0 7` -> `stored@3`, `evicted@5`. */
export function histories(events: readonly Published[]): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const { type, time, tier, keys } of events) {
    for (const key of keys) {
      const name = `${tier} ${key}`;
      const history = all[name] ?? [];
      all[name] = history;
      history.push(`${type}@${time}`);
    }
  }
  return all;
}

export function byTier<T>(initial: (tier: Tier) => T): Record<Tier, T> {
  return Object.fromEntries(TIERS.map((tier) => [tier, initial(tier)])) as Record<Tier, T>;
}
