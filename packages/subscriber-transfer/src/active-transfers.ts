import { requireAmount } from '@kvscope/core';
import type { TransferContext } from './context.js';

/** Asks each source what is under way, while metrics are collected; one that fails does not hide the others. */
export function observeActiveTransfers(context: TransferContext): void {
  context.observe(['kv_cache.transfer.active'], (report) => {
    for (const source of context.sources) {
      try {
        for (const { from, to, active } of source.occupancy?.().transfers ?? []) {
          requireAmount('occupancy: active', active);
          report('kv_cache.transfer.active', active, source, from, to);
        }
      } catch (error) {
        context.fail(error);
      }
    }
  });
}
