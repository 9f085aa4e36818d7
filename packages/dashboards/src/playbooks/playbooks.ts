import { cachePollution } from './cache-pollution.js';
import { dumpBackPressure } from './dump-back-pressure.js';
import { dumpBound } from './dump-bound.js';
import { firstTokenRegression } from './first-token-regression.js';
import { layerwiseNoSpeedUp } from './layerwise-no-speed-up.js';
import { lowHitRatio } from './low-hit-ratio.js';
import type { Playbook } from './playbook.js';
import { saveTail } from './save-tail.js';
import { slowLoads } from './slow-loads.js';
import { slowLowerTier } from './slow-lower-tier.js';
import { starvedWorkers } from './starved-workers.js';
import { thrashingTier } from './thrashing-tier.js';

/** All playbooks, in the order of their numbers. */
export const PLAYBOOKS: readonly Playbook[] = [
  lowHitRatio,
  slowLoads,
  slowLowerTier,
  dumpBackPressure,
  layerwiseNoSpeedUp,
  firstTokenRegression,
  saveTail,
  dumpBound,
  starvedWorkers,
  thrashingTier,
  cachePollution,
];
