import type { BarsPanel } from '../../page/report-data.js';
import { formatValue } from '../../page/units.js';
import type { Asking } from '../asking.js';
import { knownPanel, queryOf } from '../known-panel.js';
import { figure, type MakeSection, panelsOf, withPanels } from '../section.js';
import { stateOf } from '../states.js';

const POSITION = 'kv_cache.layer.position';
const OVERLAP = knownPanel('layerwise', 'Overlap');
const REST = knownPanel('layerwise', 'Wait of the rest of the layers (per layer)');
const FIRST = knownPanel('layerwise', 'Wait of the first layer (per layer)');
const TIMES = knownPanel('layerwise', 'Waited and loaded');

export const hiding: MakeSection = async (asking) => {
  const overlap = await asking.one(queryOf(OVERLAP, 'rest'));
  const restWait = await asking.one(queryOf(REST, 'average'));
  const share = stateOf(overlap, OVERLAP.thresholds);
  // Loads that take next to no time cannot be hidden, and need not be.
  const state = share === 'bad' && stateOf(restWait, REST.thresholds) === 'good' ? 'fair' : share;
  return {
    id: 'hiding',
    question: 'Is loading hidden behind compute?',
    verdict: { state, text: verdict(overlap, restWait) },
    figures: [
      figure('of loading hidden, first layers left out', overlap, 'percentunit', state),
      figure(
        'of loading hidden, all layers',
        await asking.one(queryOf(OVERLAP, 'all layers')),
        'percentunit',
      ),
      figure('mean wait for a layer after the first', restWait, 's', stateOf(restWait, REST.thresholds)),
      figure('mean wait for a first layer', await asking.one(queryOf(FIRST, 'average')), 's'),
    ],
    ...withPanels(
      [await hiddenBars(asking)],
      await panelsOf(asking, [
        OVERLAP,
        REST,
        knownPanel('layerwise', 'Wait of the rest of the layers'),
        knownPanel('layerwise', 'Load of the rest of the layers'),
        knownPanel('layerwise', 'Save tail (per batch)'),
      ]),
    ),
  };
};

/** How the time that layers took to load falls into what compute waited for and what it hid. */
async function hiddenBars(asking: Asking): Promise<BarsPanel | undefined> {
  const [loaded, waited] = [
    await asking.by(queryOf(TIMES, 'loaded'), POSITION),
    await asking.by(queryOf(TIMES, 'waited'), POSITION),
  ];
  if (loaded.size === 0) return undefined;
  return {
    kind: 'bars',
    id: 'hidden',
    title: 'Time to load layers',
    description:
      'Seconds that layers took to load, over the whole time, and how much of it compute waited for. The first layer of a batch has nothing to hide behind.',
    unit: 's',
    wide: true,
    bars: [...loaded].sort().map(([position, load]) => {
      // A wait that failed has no load beside it.
      const wait = Math.min(load, waited.get(position) ?? 0);
      return {
        name: position === 'first' ? 'first layer' : 'the rest',
        parts: [
          { name: 'hidden', value: (load - wait) * asking.seconds },
          { name: 'waited for', value: wait * asking.seconds },
        ],
      };
    }),
  };
}

function verdict(overlap: number | null, restWait: number | null): string {
  if (overlap === null) return 'No layerwise loading was measured in this time.';
  const text = `Compute hid ${formatValue(overlap, 'percentunit')} of the time that layers after the first took to load`;
  return restWait === null
    ? `${text}.`
    : `${text}; what is left is ${formatValue(restWait, 's')} of waiting a layer.`;
}
