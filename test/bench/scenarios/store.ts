import type { Comparison } from '../comparison.js';
import { medianBound } from '../store/median-bound.js';
import { type Load, PHASES, storePairs } from '../store/sessions.js';
import { measure } from './shapes.js';

/**
 * The cost in per cent of the silent store: the upper end of the median's interval, from the median itself.
 * @param sessions of 50 pairs; the first row has the most, since its budget is narrow beside what two rounds differ by
 */
async function cost(load: Load, sessions: number, budget: number): Promise<Comparison[]> {
  const { how, blocks } = load;
  const pairs = await storePairs(load, sessions);
  return PHASES.toReversed().map((phase) => {
    const silentMs = medianBound(pairs.map(({ off }) => off[phase])).median;
    const { median, upper95 } = medianBound(pairs.map(({ on, off }) => on[phase] - off[phase]));
    const [least, most] = [median, upper95].map((ms) => (ms / silentMs) * 100) as [number, number];
    return {
      what: `store ${how}, ${blocks} blocks x 64 KiB, ${phase}: upper 95 % bound of the median cost over ${pairs.length} pairs (from the median)`,
      unit: '%',
      ours: { median: most, min: least, max: most },
      peerName: 'the same on a silent bus',
      peer: { median: silentMs, min: silentMs, max: silentMs },
      peerUnit: 'ms',
      ...(phase === 'all' && { budget }),
    };
  });
}

await measure<'store'>({
  instrumented: () => cost({ how: 'instrumented', blocks: 64 }, 20, 1),
  'instrumented, larger tasks': () => cost({ how: 'instrumented', blocks: 256 }, 8, 1),
  traced: () => cost({ how: 'traced', blocks: 64 }, 5, 3),
});
