import type { Part } from '../../packages/dashboards/src/catalog.ts';

/** A series that grows evenly from 0, or, of a gauge, stays as it is. */
export interface InputSeries {
  readonly metric: string;
  readonly part?: Part;
  readonly labels?: Readonly<Record<string, string>>;
  readonly perMinute?: number;
  readonly level?: number;
  /** Minutes that it is not there yet. */
  readonly bornAfter?: number;
}

export interface AlertCase {
  readonly alert: string;
  readonly fires: readonly InputSeries[];
  /** Labels of the alert beside `job`, `severity` and, where it is kept apart by instance, `instance`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** As near to firing as it gets without. */
  readonly quiet: readonly InputSeries[];
}

const grows = (
  metric: string,
  perMinute: number,
  labels: InputSeries['labels'] = {},
  part?: Part,
): InputSeries => ({ metric, perMinute, labels, ...(part && { part }) });
/** A histogram whose observations come 60 a minute, each of a mean size. */
const observed = (
  metric: string,
  mean: number,
  labels: InputSeries['labels'] = {},
): readonly InputSeries[] => [grows(metric, 60 * mean, labels, 'sum'), grows(metric, 60, labels, 'count')];
const hit = { kv_cache_tier: 'l1', kv_cache_lookup_result: 'hit' };
const miss = { kv_cache_tier: 'l1', kv_cache_lookup_result: 'miss' };
const looked = (hits: number, misses: number) => [
  grows('kv_cache.lookup.blocks', hits, hit),
  grows('kv_cache.lookup.blocks', misses, miss),
];
const load = { kv_cache_operation_name: 'load' };
const dump = { kv_cache_operation_name: 'dump' };
const write = { kv_cache_tier: 'l2', kv_cache_io_direction: 'write' };
const rest = { kv_cache_layer_position: 'rest' };
const failed = { kv_cache_tier: 'l2', kv_cache_io_direction: 'write', error_type: 'no_space' };

export const ALERT_CASES: readonly AlertCase[] = [
  // 29 of 100 blocks; 31 of 100; and 29 % of so few that it means nothing.
  { alert: 'KvCacheLowHitRatio', fires: looked(290, 710), quiet: looked(310, 690) },
  { alert: 'KvCacheLowHitRatio', fires: looked(29, 71), quiet: looked(2, 8) },
  // Waits of 30 ms over copies of 10; over copies of 40; waits of 15 ms over copies of 10.
  ...[0.04, undefined].map((copy) => ({
    alert: 'KvCacheLowerTierSlow',
    fires: [
      ...observed('kv_cache.shard.wait.duration', 0.03),
      ...observed('kv_cache.task.copy.duration', 0.01, load),
    ],
    quiet: [
      ...observed('kv_cache.shard.wait.duration', copy ? 0.03 : 0.015),
      ...observed('kv_cache.task.copy.duration', copy ?? 0.01, load),
    ],
  })),
  // Dumps take 0.9 of a write, most of it in their hand-off; then little of it; then all of it, of which there is little.
  ...[
    [0.09, 0.02],
    [0.015, 0.014],
  ].map(([took = 0, waited = 0]) => ({
    alert: 'KvCacheDumpBackPressure',
    fires: [
      ...observed('kv_cache.task.duration', 0.09, dump),
      ...observed('kv_cache.task.dispatch.duration', 0.001, dump),
      ...observed('kv_cache.task.handoff.duration', 0.08, dump),
      ...observed('kv_cache.io.task.duration', 0.1, write),
    ],
    quiet: [
      ...observed('kv_cache.task.duration', took, dump),
      ...observed('kv_cache.task.dispatch.duration', 0.001, dump),
      ...observed('kv_cache.task.handoff.duration', waited, dump),
      ...observed('kv_cache.io.task.duration', took, write),
    ],
  })),
  // Of loads of 10 ms, 9.5 are waited for; then 8.
  {
    alert: 'KvCacheLayerwiseSerial',
    fires: [
      ...observed('kv_cache.layer.wait.duration', 0.0095, { ...load, ...rest }),
      ...observed('kv_cache.layer.load.duration', 0.01, rest),
    ],
    quiet: [
      ...observed('kv_cache.layer.wait.duration', 0.008, { ...load, ...rest }),
      ...observed('kv_cache.layer.load.duration', 0.01, rest),
    ],
  },
  {
    alert: 'KvCacheSaveTail',
    fires: observed('kv_cache.layer.save_tail.duration', 0.06),
    quiet: observed('kv_cache.layer.save_tail.duration', 0.04),
  },
  // One that comes again, and one that was there all the time.
  {
    alert: 'KvCacheIoErrors',
    fires: [grows('kv_cache.io.errors', 1, failed)],
    labels: failed,
    quiet: [grows('kv_cache.io.errors', 0, failed)],
  },
  // The first of its kind: the series is born with it, two minutes before it is looked at.
  {
    alert: 'KvCacheIoErrors',
    fires: [{ metric: 'kv_cache.io.errors', level: 1, labels: failed, bornAfter: 28 }],
    labels: failed,
    quiet: [{ metric: 'kv_cache.io.errors', level: 1, labels: failed }],
  },
  {
    alert: 'KvCacheSourceDisconnected',
    fires: [
      { metric: 'kv_cache.source.connected', level: 0, labels: { kv_cache_publisher_name: 'decode' } },
      { metric: 'kv_cache.source.connected', level: 1, labels: { kv_cache_publisher_name: 'prefill' } },
    ],
    quiet: [{ metric: 'kv_cache.source.connected', level: 1 }],
  },
  {
    alert: 'KvCacheEventsMissed',
    fires: [grows('kv_cache.source.missed', 1), grows('kv_cache.source.dropped', 0)],
    quiet: [grows('kv_cache.source.missed', 0), grows('kv_cache.source.dropped', 0)],
  },
  {
    alert: 'KvCacheSubscriberErrors',
    fires: [
      {
        metric: 'kv_cache.bus.subscriber.errors',
        level: 1,
        labels: { kv_cache_subscriber_name: 'mine' },
        bornAfter: 28,
      },
    ],
    labels: { kv_cache_subscriber_name: 'mine' },
    quiet: [
      { metric: 'kv_cache.bus.subscriber.errors', level: 1, labels: { kv_cache_subscriber_name: 'mine' } },
    ],
  },
  // A source that starts anew forgets its blocks, which is as it should be.
  {
    alert: 'KvCacheBlocksUntracked',
    fires: [grows('kv_cache.block.untracked', 6, { kv_cache_untracked_reason: 'limit' })],
    quiet: [grows('kv_cache.block.untracked', 6, { kv_cache_untracked_reason: 'reset' })],
  },
];
