import { requireThat } from '@kvscope/core';
import type { BatchTable } from './batch-table.js';
import type { LayerwiseContext } from './context.js';

/** Records what is known of a batch only when it is over. */
export function recordBatchEnds(context: LayerwiseContext, batches: BatchTable): void {
  const overlap = context.histogram('kv_cache.layer.overlap');
  const saveTail = context.histogram('kv_cache.layer.save_tail.duration');

  context.on('batch.finished', ({ source, batch: id, time, saveTailStartTime }) => {
    requireThat(Number.isFinite(time), 'batch.finished: time', time, 'a finite number');
    requireThat(
      saveTailStartTime === undefined || Number.isFinite(saveTailStartTime),
      'batch.finished: saveTailStartTime',
      saveTailStartTime,
      'a finite number',
    );
    const batch = batches.finish(source, id, time, context.clock.now());
    if (batch === undefined) return;
    // Without a load time there is nothing that compute could have hidden.
    if (batch.loadedMs > 0) overlap.at(source).record(clampShare(1 - batch.waitedMs / batch.loadedMs));
    if (saveTailStartTime === undefined || batch.saveWaitEndTime === Number.NEGATIVE_INFINITY) return;
    saveTail.at(source).record(Math.max(0, batch.saveWaitEndTime - saveTailStartTime) / 1000);
  });
}

function clampShare(share: number): number {
  return Math.min(1, Math.max(0, share));
}
