import {
  createSource,
  type Observe,
  SOURCE_ERROR_KINDS,
  SOURCE_EVENT_TYPES,
  type Source,
  type Subscriber,
  sourceMetrics,
} from '@kvscope/core';
import type { PublisherStatistics } from './publisher-statistics.js';
import type { SourceMonitor } from './source-monitor.js';

type Metrics = typeof sourceMetrics.metrics;

const OBSERVED = Object.keys(sourceMetrics.metrics) as (keyof Metrics)[];

/**
 * Shows a monitor's figures as the `kv_cache.source.*` metrics. It has a subscriber's shape because everything that
 * runs subscribers then runs it too: recorder, bounded attribute sets, guarded callbacks, stop. But it listens to no
 * event: how a stream arrives is no fact about a cache, and counting it must cost the stream's path no more than an
 * addition. All it does happens while metrics are collected.
 *
 * Publisher and rank are attributes of a source made for each publisher, not declared ones: their values are known
 * only at run time, and series of sources are bounded already.
 */
export function sourceSubscriber(monitor: Pick<SourceMonitor, 'publishers'>): Subscriber<Metrics> {
  return {
    name: 'source',
    family: sourceMetrics,
    start(context) {
      const sources = new WeakMap<PublisherStatistics, Source>();
      context.observe(OBSERVED, (report) => {
        for (const publisher of monitor.publishers) {
          let source = sources.get(publisher);
          if (source === undefined) {
            source = sourceOf(publisher);
            sources.set(publisher, source);
          }
          reportPublisher(report, publisher, source);
        }
      });
    },
  };
}

function sourceOf({ publisher, rank }: PublisherStatistics): Source {
  return createSource({
    attributes: { 'kv_cache.publisher.name': publisher, 'kv_cache.publisher.rank': rank },
    accesses: false,
  });
}

function reportPublisher(report: Observe<Metrics>, publisher: PublisherStatistics, source: Source): void {
  report('kv_cache.source.connected', publisher.connected ? 1 : 0, source);
  if (publisher.lastSequence !== undefined) {
    report('kv_cache.source.last_sequence', publisher.lastSequence, source);
  }
  if (publisher.lagMs !== undefined) report('kv_cache.source.lag', publisher.lagMs / 1000, source);
  report('kv_cache.source.batches', publisher.batches, source);
  report('kv_cache.source.io', publisher.bytes, source);
  report('kv_cache.source.missed', publisher.missed, source);
  report('kv_cache.source.replayed', publisher.replayed, source);
  report('kv_cache.source.duplicates', publisher.duplicates, source);
  report('kv_cache.source.restarts', publisher.restarts, source);
  report('kv_cache.source.reconnects', publisher.reconnects, source);
  report('kv_cache.source.dropped', publisher.dropped, source);
  report('kv_cache.source.untracked', publisher.untrackedByLimit, source, 'limit');
  report('kv_cache.source.untracked', publisher.untrackedUnknown, source, 'unknown');
  // A type or kind that never came has no series: there are many, and a stream shows a few.
  for (const type of SOURCE_EVENT_TYPES) {
    const events = publisher.events(type);
    if (events > 0) report('kv_cache.source.events', events, source, type);
  }
  for (const kind of SOURCE_ERROR_KINDS) {
    const errors = publisher.errors(kind);
    if (errors > 0) report('kv_cache.source.errors', errors, source, kind);
  }
}
