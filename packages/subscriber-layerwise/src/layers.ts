import { intervalMs, requireAmount } from '@kvscope/core';
import type { BatchTable } from './batch-table.js';
import type { LayerwiseContext } from './context.js';
import { positionOf } from './position.js';

/** Records the submits and the loads of layers. */
export function recordLayers(context: LayerwiseContext, batches: BatchTable): void {
  const { clock } = context;
  const submit = context.histogram('kv_cache.layer.submit.duration');
  const firstRequests = context.histogram('kv_cache.layer.first.requests');
  const load = context.histogram('kv_cache.layer.load.duration');

  context.on('layer.submitted', ({ source, batch, operation, first, startTime, time, requests }) => {
    const ms = intervalMs('layer.submitted', startTime, time);
    if (requests !== undefined) requireAmount('layer.submitted: requests', requests);
    submit.at(source, operation, positionOf(first)).record(ms / 1000);
    // Of loads only: a batch that loads and saves has two first submits, and would count twice.
    if (first && operation === 'load' && requests !== undefined) firstRequests.at(source).record(requests);
    // Opened here, so that a batch that never gets beyond its submits is missed too.
    batches.open(source, batch, startTime, clock.now());
  });

  context.on('layer.loaded', ({ source, batch: id, first, startTime, time }) => {
    const ms = intervalMs('layer.loaded', startTime, time);
    load.at(source, positionOf(first)).record(ms / 1000);
    const batch = batches.open(source, id, startTime, clock.now());
    if (batch !== undefined) batch.loadedMs += ms;
  });
}
