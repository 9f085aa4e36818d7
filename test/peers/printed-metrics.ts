/** A metric as an application printed it. */
interface PrintedMetric {
  readonly scope: { readonly name: string; readonly version?: string };
  readonly descriptor: { readonly name: string; readonly unit: string; readonly type: string };
  readonly dataPoints: readonly {
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly value: unknown;
  }[];
}

/** Metrics by their names, from one JSON object a line; of each only what does not change from run to run. */
export function printedMetrics(stdout: string) {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const { scope, descriptor, dataPoints } = JSON.parse(line) as PrintedMetric;
      const points = dataPoints.map(({ attributes, value }) => ({ attributes, value }));
      return [descriptor.name, { scope: scope.name, type: descriptor.type, unit: descriptor.unit, points }];
    }),
  );
}

const SCOPE = '@kvscope/instrumentation';
const L1 = { 'cache.name': 'llama', 'kv_cache.tier': 'l1' };

/** What three blocks that were stored in L1 make of the metrics, when every block is sampled. */
export const THREE_BLOCKS_STORED = {
  'kv_cache.stores': {
    scope: SCOPE,
    type: 'COUNTER',
    unit: '{block}',
    points: [{ attributes: { ...L1, 'kv_cache.store.cause': 'offloaded' }, value: 3 }],
  },
  'kv_cache.block.tracked': {
    scope: SCOPE,
    type: 'OBSERVABLE_UP_DOWN_COUNTER',
    unit: '{block}',
    points: [
      { attributes: { ...L1, 'kv_cache.tracking.state': 'resident' }, value: 3 },
      { attributes: { ...L1, 'kv_cache.tracking.state': 'ghost' }, value: 0 },
    ],
  },
  'kv_cache.sampling.rate': {
    scope: SCOPE,
    type: 'OBSERVABLE_GAUGE',
    unit: '1',
    points: [{ attributes: {}, value: 1 }],
  },
  'kv_cache.bus.events': {
    scope: SCOPE,
    type: 'OBSERVABLE_COUNTER',
    unit: '{event}',
    points: [{ attributes: { 'kv_cache.event.name': 'block.stored' }, value: 1 }],
  },
};
