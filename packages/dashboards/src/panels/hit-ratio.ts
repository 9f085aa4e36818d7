import { hitRatio, overallHitRatio } from '../query/figures.js';
import type { Panel } from './panel.js';
import { GREEN, RED, YELLOW } from './shapes.js';

/** The first panel of whoever asks whether the cache helps. */
export const hitRatioPanel: Panel = {
  title: 'Hit ratio per tier',
  description:
    'Blocks that a tier held, over the blocks it was asked for. A lower tier is asked only for what the tiers above it missed. Overall: blocks that any tier held, over those asked of the first.',
  unit: 'percentunit',
  width: 24,
  max: 1,
  queries: [{ query: hitRatio }, { query: overallHitRatio, legend: 'overall', style: 'p90' }],
  thresholds: {
    base: RED,
    steps: [
      [0.5, YELLOW],
      [0.8, GREEN],
    ],
  },
};
