import { defineMetrics } from './declaration.js';
import { ioTimes } from './transfer/io.js';
import { requestTransfers } from './transfer/requests.js';
import { taskStages } from './transfer/tasks.js';
import { transferMovement } from './transfer/transfers.js';

/** Never sampled: how long movements take and how fast they are, from whole requests down to one io call. */
export const transferMetrics = defineMetrics('transfer', {
  ...transferMovement,
  ...requestTransfers,
  ...taskStages,
  ...ioTimes,
});
