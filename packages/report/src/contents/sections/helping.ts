import { formatValue } from '../../page/units.js';
import { knownPanel, queryOf } from '../known-panel.js';
import { figure, type MakeSection, panelsOf } from '../section.js';
import { stateOf } from '../states.js';

const HIT_RATIO = knownPanel('overview', 'Hit ratio per tier');
const LOOKED_UP = knownPanel('overview', 'Blocks looked up');
const TOKENS = knownPanel('lifecycle', 'Prompt tokens saved');

export const helping: MakeSection = async (asking) => {
  const overall = await asking.one(queryOf(HIT_RATIO, 'overall'));
  const hits = new Map<string, number>();
  for (const { labels, value } of await asking.whole(queryOf(LOOKED_UP))) {
    const { kv_cache_tier: tier = '', kv_cache_lookup_result: result } = labels;
    if (result === 'hit') hits.set(tier, (hits.get(tier) ?? 0) + value * asking.seconds);
  }
  const hit = [...hits.values()].reduce((sum, value) => sum + value, 0);
  const asked = overall === null || overall === 0 ? null : hit / overall;
  const tokens = await asking.one(queryOf(TOKENS));
  const state = stateOf(overall, HIT_RATIO.thresholds);
  return {
    id: 'helping',
    question: 'Is the cache helping?',
    verdict: { state, text: verdict(overall, asked, hits) },
    figures: [
      figure('of the blocks asked for were held', overall, 'percentunit', state),
      figure('blocks asked for', asked, 'short'),
      figure('prompt tokens not computed again', tokens, 'suffix:/s'),
    ],
    ...(await panelsOf(asking, [HIT_RATIO, LOOKED_UP, TOKENS])),
  };
};

function verdict(overall: number | null, asked: number | null, hits: ReadonlyMap<string, number>): string {
  if (overall === null) {
    return 'No lookup was measured in this time. The event streams of engines carry none.';
  }
  if (asked === null) return 'The cache held nothing of what it was asked for.';
  const tiers = [...hits]
    .sort()
    .map(([tier, blocks]) => `${formatValue(blocks / asked, 'percentunit')} in ${tier}`);
  return `The cache held ${formatValue(overall, 'percentunit')} of the ${formatValue(asked, 'short')} blocks that it was asked for: ${tiers.join(', ')}.`;
}
