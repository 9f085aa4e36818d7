import { type Subscriber, transferMetrics } from '@kvscope/core';
import { observeActiveTransfers } from './active-transfers.js';
import { recordIo } from './io.js';
import { requestLimits, type TransferOptions } from './options.js';
import { recordRequests } from './requests.js';
import { recordTasks } from './tasks.js';
import { recordTransfers } from './transfers.js';

/**
 * How long movements took and how fast they were: transfers, tasks and their stages, io calls, lookups, and what
 * was sent for whole requests. Never sampled.
 */
export const transfer: Subscriber<typeof transferMetrics.metrics, TransferOptions> = {
  name: 'transfer',
  family: transferMetrics,
  validate: (options) => void requestLimits(options),
  start(context, options) {
    const limits = requestLimits(options);
    recordTransfers(context);
    recordTasks(context);
    recordIo(context);
    recordRequests(context, limits);
    observeActiveTransfers(context);
  },
};
