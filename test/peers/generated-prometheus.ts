import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RESIDENCY } from '@kvscope/core';

export interface GeneratedPrometheus {
  readonly url: string;
  /** How many answers over time it gave. */
  readonly ranges: () => number;
  stop(): Promise<void>;
}

export interface Generation {
  /** Series of each answer, beside those of a histogram's buckets. */
  readonly instances: number;
  /** Values of the label of a tier. */
  readonly tiers: readonly string[];
}

type Labels = Readonly<Record<string, string>>;

/**
 * Something that answers every question as a Prometheus does that has a day of many instances: with series whose
 * values have all the digits that a double has. What was asked decides only which labels they have.
 */
export async function generatePrometheus(generation: Generation): Promise<GeneratedPrometheus> {
  let ranges = 0;
  const server = createServer(async (request, response) => {
    const asked = new URLSearchParams(await bodyOf(request));
    const query = asked.get('query') ?? '';
    const series = seriesOf(query, generation);
    const over = request.url === '/api/v1/query_range';
    if (over) ranges++;
    const result = series.map((metric, i) =>
      over
        ? { metric, values: momentsOf(asked).map((time, j) => [time, String(sampleOf(i, j, metric))]) }
        : { metric, value: [Number(asked.get('time')), String(sampleOf(i, 0, metric))] },
    );
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ status: 'success', data: { resultType: over ? 'matrix' : 'vector', result } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ranges: () => ranges,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function seriesOf(query: string, { instances, tiers }: Generation): readonly Labels[] {
  if (query.includes('count by (__name__)')) return [{ __name__: 'kv_cache_lookup_blocks_total' }];
  if (query.startsWith('max(count_over_time(')) return [{}];
  const [, list = ''] = /by \(([^)]*)\)/.exec(query) ?? [];
  const kept = list.split(',').map((label) => label.trim());
  if (kept.includes('le') && !query.includes('histogram_quantile')) {
    return [...RESIDENCY.map(String), '+Inf'].map((le) => ({ le }));
  }
  return Array.from({ length: instances }, (_, i) => ({
    instance: `10.0.0.${i}:9464`,
    ...(kept.includes('kv_cache_tier') && { kv_cache_tier: tiers[i % tiers.length] as string }),
    ...(kept.includes('kv_cache_operation_name') && { kv_cache_operation_name: i % 2 ? 'load' : 'dump' }),
    ...(kept.includes('kv_cache_capacity_scale') && { kv_cache_capacity_scale: String(2 ** (i % 4)) }),
  }));
}

/** Between 0 and 1, without an order; that of a bucket is not below the one before it. */
function sampleOf(series: number, moment: number, { le }: Labels): number {
  if (le !== undefined) return series + 1 / 3;
  return Math.abs(Math.sin(series * 12.9898 + moment * 78.233));
}

function momentsOf(asked: URLSearchParams): readonly number[] {
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(asked.get(name))) as [
    number,
    number,
    number,
  ];
  return Array.from({ length: Math.round((end - start) / step) + 1 }, (_, i) => start + i * step);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  return (await request.setEncoding('utf8').toArray()).join('');
}
