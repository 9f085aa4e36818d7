import type { Comparison } from '../comparison.js';
import { medianBound } from '../store/median-bound.js';
import { type Load, type Pair, PHASES, type Phase, storePairs } from '../store/sessions.js';
import { measure } from './shapes.js';

/** How wide the interval may be from the median up, of the budget. */
const NARROW = 0.25;
/** Of 50 pairs. */
const LEAST_SESSIONS = 5;
const MOST_SESSIONS = 40;

/**
 * The cost in per cent of the silent store: the upper end of the median's interval, from the median itself. Pairs are added
 * until that interval is narrow beside the budget; what the median is has no say in it.
 */
async function cost(load: Load, budget: number): Promise<Comparison[]> {
  const pairs: Pair[] = [];
  let sessions = 0;
  for await (const more of storePairs(load)) {
    pairs.push(...more);
    sessions++;
    const { least, most } = costOf(pairs, 'all');
    if (sessions === MOST_SESSIONS || (sessions >= LEAST_SESSIONS && most - least < budget * NARROW)) break;
  }
  return PHASES.toReversed().map((phase) => {
    const { silentMs, least, most } = costOf(pairs, phase);
    return {
      what: `store ${load.how}, ${load.blocks} blocks x 64 KiB, ${phase}: upper 95 % bound of the median cost over ${pairs.length} pairs (from the median)`,
      unit: '%',
      ours: { median: most, min: least, max: most },
      peerName: 'the same on a silent bus',
      peer: { median: silentMs, min: silentMs, max: silentMs },
      peerUnit: 'ms',
      ...(phase === 'all' && { budget }),
    };
  });
}

/** In per cent of the silent store. */
function costOf(pairs: readonly Pair[], phase: Phase) {
  const silentMs = medianBound(pairs.map(({ off }) => off[phase])).median;
  const { median, upper95 } = medianBound(pairs.map(({ on, off }) => on[phase] - off[phase]));
  return { silentMs, least: (median / silentMs) * 100, most: (upper95 / silentMs) * 100 };
}

await measure<'store'>({
  instrumented: () => cost({ how: 'instrumented', blocks: 64 }, 1),
  'instrumented, larger tasks': () => cost({ how: 'instrumented', blocks: 256 }, 1),
  traced: () => cost({ how: 'traced', blocks: 64 }, 3),
});
