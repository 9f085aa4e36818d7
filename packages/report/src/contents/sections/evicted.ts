import { TIERS } from '@kvscope/core';
import { cameBack } from '@kvscope/dashboards';
import type { SpreadPanel } from '../../page/report-data.js';
import { formatValue } from '../../page/units.js';
import type { Asking } from '../asking.js';
import { knownPanel, queryOf } from '../known-panel.js';
import { figure, type MakeSection, panelsOf, withPanels } from '../section.js';
import { spreadPanel } from '../spread.js';
import { meets, signatureOf } from '../states.js';

const TIER = 'kv_cache.tier';
const WANTED_AGAIN = knownPanel('lifecycle', 'Wanted again');
const NEVER_REUSED = knownPanel('lifecycle', 'Never reused');
const THRASHING = signatureOf('thrashing-tier');

export const evicted: MakeSection = async (asking) => {
  const wanted = await asking.by(cameBack, TIER);
  const thrashing = await thrashingTiers(asking);
  const spreads: (SpreadPanel | undefined)[] = [];
  for (const tier of TIERS) spreads.push(await livesIn(asking, tier));
  // Before the window has passed, none can be known not to be wanted: the share would be 100 %.
  const decided = (await asking.whole(queryOf(WANTED_AGAIN, 'missed by the window'))).length > 0;
  const measured = wanted.size > 0 || spreads.some((spread) => spread !== undefined);
  const state = !measured ? 'unknown' : thrashing.length > 0 ? 'bad' : 'plain';
  return {
    id: 'evicted',
    question: 'What is evicted and missed again?',
    verdict: {
      state,
      text: measured ? verdict(wanted, thrashing) : 'No life of a block was measured in this time.',
    },
    figures: [
      ...[...wanted].sort().map(([tier, share]) => {
        const bad = thrashing.includes(tier);
        return figure(`of what ${tier} evicted came back`, share, 'percentunit', bad ? 'bad' : 'plain');
      }),
      ...[...(await asking.by(queryOf(NEVER_REUSED), TIER))]
        .sort()
        .map(([tier, share]) => figure(`of what ${tier} evicted was never read`, share, 'percentunit')),
    ],
    ...withPanels(
      [...spreads, await evictReuse(asking)],
      await panelsOf(asking, [
        knownPanel('overview', 'Evictions by reason'),
        ...(decided ? [WANTED_AGAIN] : []),
        knownPanel('lifecycle', 'Idle time (per block)'),
      ]),
    ),
  };
};

/** The tiers that have the whole signature of the playbook. */
async function thrashingTiers(asking: Asking): Promise<readonly string[]> {
  let found: readonly string[] = TIERS;
  for (const condition of THRASHING) {
    const values = await asking.by(condition.query, TIER);
    found = found.filter((tier) => values.has(tier) && meets(condition, values.get(tier) as number));
  }
  return found;
}

/** Blocks that live shorter than they wait for their next use are evicted before it. */
function livesIn(asking: Asking, tier: string): Promise<SpreadPanel | undefined> {
  const head = {
    id: `lives-${tier}`,
    title: `Lives of blocks in ${tier}`,
    description:
      'How long blocks stayed, and how long it took until they were used again. Where reuse lies to the right of lifetime, the tier evicts what it needs next.',
  };
  return spreadPanel(asking, head, [
    { name: 'lifetime', panel: knownPanel('lifecycle', `Lifetime in ${tier}`) },
    { name: 'reuse gap', panel: knownPanel('lifecycle', `Reuse gap in ${tier}`) },
    { name: 'evict-reuse gap', panel: knownPanel('lifecycle', `Evict-reuse gap in ${tier}`) },
  ]);
}

function evictReuse(asking: Asking): Promise<SpreadPanel | undefined> {
  const head = {
    id: 'evict-reuse',
    title: 'From eviction to the next use',
    description:
      'Blocks that were stored again within the window, by the time since their eviction: what a longer life by that much would have kept.',
  };
  return spreadPanel(
    asking,
    head,
    TIERS.map((tier) => ({ name: tier, panel: knownPanel('lifecycle', `Evict-reuse gap in ${tier}`) })),
  );
}

function verdict(wanted: ReadonlyMap<string, number>, thrashing: readonly string[]): string {
  if (wanted.size === 0) return 'No block that was evicted came back in this time.';
  const shares = [...wanted].sort().map(([tier, share]) => `${formatValue(share, 'percentunit')} of ${tier}`);
  const text = `Of the blocks evicted for room or age, so many came back within the window: ${shares.join(', ')}.`;
  if (thrashing.length === 0) return text;
  return `${text} ${thrashing.join(' and ')} evicts what it needs next: its blocks go sooner than they are used again.`;
}
