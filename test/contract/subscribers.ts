import type { Bus, Subscriber } from '@kvscope/core';
import { busHealth } from '@kvscope/instrumentation';
import { intervalLog } from '@kvscope/interval-log';
import { SourceMonitor, sourceSubscriber } from '@kvscope/sources';
import { layerwise } from '@kvscope/subscriber-layerwise';
import { lifecycle } from '@kvscope/subscriber-lifecycle';
import { reuse } from '@kvscope/subscriber-reuse';
import { shards } from '@kvscope/subscriber-shards';
import { transfer } from '@kvscope/subscriber-transfer';
import { traceWith } from '../../packages/trace/src/trace.ts';

/** A publisher whose stream had everything, so that each of its metrics has something to show. */
function monitor(): SourceMonitor {
  const made = new SourceMonitor();
  const publisher = made.publisher('engine', 0);
  publisher.lastSequence = 1;
  publisher.lagMs = 1;
  publisher.event('stored');
  publisher.error('invalid');
  return made;
}

/** Without its thread, of which the contract would start hundreds. */
const silentTrace = traceWith({
  openDrain: () => ({ tell: () => undefined }),
  measureLoop: () => ({ write: () => undefined, reset: () => undefined, stop: () => undefined }),
});

/** Every subscriber there is, on a given bus: the contract runs over all of them. */
export const SUBSCRIBERS: Readonly<Record<string, (bus: Bus) => Subscriber>> = {
  lifecycle: () => lifecycle as unknown as Subscriber,
  shards: () => shards as unknown as Subscriber,
  transfer: () => transfer as unknown as Subscriber,
  layerwise: () => layerwise as unknown as Subscriber,
  reuse: () => reuse as unknown as Subscriber,
  intervalLog: () => intervalLog as unknown as Subscriber,
  trace: () => silentTrace as unknown as Subscriber,
  source: () => sourceSubscriber(monitor()) as unknown as Subscriber,
  bus: (bus) => busHealth(bus) as unknown as Subscriber,
};

/** Those that record no metric. */
export const WITHOUT_METRICS: readonly string[] = ['intervalLog', 'trace'];
