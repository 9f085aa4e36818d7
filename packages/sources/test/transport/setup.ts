import type { Clock } from '@kvscope/core';
import { expect, vi } from 'vitest';
import type { PublisherStatistics } from '../../src/index.ts';
import { type EngineOptions, openEngineSource } from '../../src/index.ts';
import { SourceMonitor } from '../../src/monitor/source-monitor.ts';
import { listen } from '../ingest/setup.ts';

/** An engine source on a bus and monitor of its own. */
export async function watch(
  options: Omit<EngineOptions, 'engine'> & Partial<Pick<EngineOptions, 'engine'>>,
  clock?: Clock,
) {
  const { bus, heard, told } = listen();
  const monitor = new SourceMonitor();
  const source = await openEngineSource(
    { engine: 'vllm', name: 'engine', reconnectMs: 5, maxReconnectMs: 20, ...options },
    { bus, monitor, ...(clock && { clock }) },
  );
  return { source, monitor, bus, heard, told };
}

/** Until the condition holds, looking again and again; how long it takes decides nothing. */
export function eventually(holds: () => void): Promise<void> {
  return vi.waitFor(holds, { timeout: 20_000, interval: 5 });
}

export function counters({
  lastSequence,
  missed,
  replayed,
  duplicates,
  restarts,
  dropped,
}: PublisherStatistics) {
  return { lastSequence, missed, replayed, duplicates, restarts, dropped };
}

export function only(monitor: SourceMonitor): PublisherStatistics {
  const [publisher] = monitor.publishers;
  expect(monitor.publishers.size).toBe(1);
  return publisher as PublisherStatistics;
}

export const store = (...hashes: bigint[]) => ['BlockStored', hashes, null, [1], 1, null, 'GPU'];
export const remove = (...hashes: bigint[]) => ['BlockRemoved', hashes, 'GPU'];
