import cluster, { type Worker as ClusterWorker } from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { KvCacheInstrumentation } from '@kvscope/instrumentation';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect, it, onTestFinished } from 'vitest';
import { ManualReader } from '../manual-reader.ts';

const WORKER = fileURLToPath(new URL('publishing-worker.mjs', import.meta.url));
/** Four threads and four processes: a million in all. */
const EVENTS = 125_000;
const HALF = EVENTS / 2;

/** Waits for a word of a worker; its figures come over the same channel. */
function says(worker: Worker | ClusterWorker, word: string): Promise<void> {
  return new Promise((resolve) => {
    (worker as Worker).on('message', (message: unknown) => {
      if (message === word) resolve();
    });
  });
}

function startThreads(): Worker[] {
  return Array.from({ length: 4 }, () => new Worker(WORKER, { workerData: { events: EVENTS } }));
}

function startProcesses(): ClusterWorker[] {
  cluster.setupPrimary({ exec: WORKER, execArgv: [] });
  return Array.from({ length: 4 }, () => cluster.fork({ EVENTS }));
}

function mainThread() {
  const instrumentation = new KvCacheInstrumentation({ aggregation: 'fast' });
  const reader = new ManualReader({ metricProducers: [instrumentation.metricProducer] });
  const provider = new MeterProvider({ readers: [reader] });
  onTestFinished(async () => {
    instrumentation.disable();
    await provider.shutdown();
  });
  async function total(name: string): Promise<number | { count: number; sum: number }> {
    const { resourceMetrics, errors } = await reader.collect();
    expect(errors).toEqual([]);
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    const metric = metrics.find(({ descriptor }) => descriptor.name === name);
    const values = metric?.dataPoints.map(({ value }) => value) as number[];
    return values.length === 1 ? (values[0] as number) : values.reduce((sum, value) => sum + value, 0);
  }
  return { instrumentation, total };
}

it('four threads and four processes publish a million events, one of each is killed half-way: the totals add up', async () => {
  const { instrumentation, total } = mainThread();
  const [threads, processes] = [startThreads(), startProcesses()];
  const all = [...threads, ...processes];
  onTestFinished(async () => {
    for (const worker of processes) worker.process.kill('SIGKILL');
    await Promise.all(threads.map((worker) => worker.terminate()));
  });
  for (const worker of all) instrumentation.collectStats(worker);
  await Promise.all(all.map((worker) => says(worker, 'half')));
  expect(await total('kv_cache.stores')).toBe(8 * HALF * 0.9 * 2);
  expect(await total('kv_cache.block.limit')).toBe(8 * 100);

  const [thread, process] = [threads[0] as Worker, processes[0] as ClusterWorker];
  const atRisk = [says(thread, 'at risk'), says(process, 'at risk')];
  thread.postMessage('wait');
  process.send('wait');
  await Promise.all(atRisk);
  const gone = [once(thread, 'exit'), once(process, 'exit')];
  await thread.terminate();
  process.process.kill('SIGKILL');
  await Promise.all(gone);

  const left = all.filter((worker) => worker !== thread && worker !== process);
  const ended = left.map((worker) => Promise.all([says(worker, 'done'), once(worker, 'exit')]));
  for (const worker of threads.slice(1)) worker.postMessage('go on');
  for (const worker of processes.slice(1)) worker.send('go on');
  await Promise.all(ended);

  // Six published all of it; of the two that were killed what they had forwarded stays, and the second half is lost.
  const counted = 6 * EVENTS + 2 * HALF;
  expect(await total('kv_cache.stores')).toBe(counted * 0.9 * 2);
  expect(await total('kv_cache.transfer.io')).toBe(counted * 0.1 * 4096);
  expect(await total('kv_cache.transfer.duration')).toMatchObject({
    count: counted * 0.1,
    sum: counted * 0.1,
  });
  expect(await total('kv_cache.bus.events')).toBe(counted);
  // Nobody holds blocks any more.
  expect(await total('kv_cache.block.limit')).toBe(0);
  // One message at half-way from each, one at its end from six.
  expect(instrumentation.collectedStats).toEqual({ messages: 14, repeated: 0, missed: 0, refused: 0 });
});
