import type { Comparison } from '../comparison.js';
import { medianBound } from '../store/median-bound.js';
import { type Load, PHASES, storePairs } from '../store/sessions.js';
import { measure } from './shapes.js';

const SESSIONS = 40;

/** The cost in per cent of the silent store: the upper end of the median's interval, from the median itself. */
async function cost(load: Load, budget: number): Promise<Comparison[]> {
  const { how, blocks } = load;
  const { figures: pairs, disturbed } = await storePairs(load, SESSIONS);
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
      disturbed,
      ...(phase === 'all' && { budget }),
    };
  });
}

await measure<'store'>({
  instrumented: () => cost({ how: 'instrumented', blocks: 64 }, 1),
  'instrumented, larger tasks': () => cost({ how: 'instrumented', blocks: 256 }, 1),
  traced: () => cost({ how: 'traced', blocks: 64 }, 3),
});
