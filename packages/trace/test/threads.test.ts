import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { createBus, createSampler, createSource, startSubscriber, systemClock } from '@kvscope/core';
import { MemoryRecorder } from '@kvscope/core/testing';
// The built package: its thread cannot be started from sources.
import { type MetricTotals, trace } from '@kvscope/trace';
import { attach, type TraceState } from '@kvscope/trace/viewer';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from './serving.ts';
import { load } from './setup.ts';

/** The trace of this thread, once viewers can attach. */
async function running(totals?: () => Promise<MetricTotals>) {
  const bus = createBus();
  const environment = { bus, clock: systemClock, recorder: new MemoryRecorder(), sampler: createSampler() };
  let listening = (_: string): void => undefined;
  const socket = new Promise<string>((resolve) => {
    listening = resolve;
  });
  const options = { directory: temporaryDirectory(), onListening: listening, ...(totals && { totals }) };
  const traced = startSubscriber(trace, environment, options);
  onTestFinished(() => traced.stop());
  return { bus, traced, source: createSource({}, bus), socket: await socket };
}

/** Attached to a trace. */
async function viewing(socket: string) {
  let state: TraceState | undefined;
  let told = (): void => undefined;
  let end = (_: string | undefined): void => undefined;
  const ended = new Promise<string | undefined>((resolve) => {
    end = resolve;
  });
  await attach(socket, () => ({ want: 'state' }), {
    state(next) {
      state = next;
      told();
    },
    ended: end,
  });
  return {
    ended,
    latest: () => state as TraceState,
    async until(holds: (state: TraceState) => boolean): Promise<TraceState> {
      while (state === undefined || !holds(state)) {
        await new Promise<void>((resolve) => {
          told = resolve;
        });
      }
      return state;
    },
  };
}

it('four threads whose rings overflow: what each emitted is delivered or dropped, and its work is the same', async () => {
  const { socket } = await running();
  const view = await viewing(socket);
  const workers = Array.from(
    { length: 4 },
    () => new Worker(new URL('./producer.mjs', import.meta.url), { workerData: { bursts: 20, burst: 3000 } }),
  );
  const reports = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]));
  const published = new Map(reports.map(({ threadId, published }) => [threadId, published]));
  // The sum of 0 to 2,999, twenty times.
  expect(reports.map(({ sum, failures }) => [sum, failures])).toEqual(new Array(4).fill([20 * 4_498_500, 0]));
  const state = await view.until(({ producers }) =>
    [...published].every(([thread, count]) =>
      producers.some(
        (p) =>
          p.thread === thread && p.emitted + p.skipped === count && p.delivered + p.dropped === p.emitted,
      ),
    ),
  );
  const traced = state.producers.filter(({ thread }) => published.has(thread));
  expect(traced.reduce((sum, { dropped, skipped }) => sum + dropped + skipped, 0)).toBeGreaterThan(0);
  for (const worker of workers) worker.postMessage('end');
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  // The threads are gone, and what they counted is not.
  const after = await view.until(
    ({ producers }) => producers.filter(({ thread }) => published.has(thread)).length === 4,
  );
  const emitted = (of: TraceState) => of.producers.reduce((sum, producer) => sum + producer.emitted, 0);
  expect(emitted(after)).toBe(emitted(state));
});

it('a trace that is turned off hands over what is left, says goodbye, and leaves no socket', async () => {
  const { bus, source, socket, traced } = await running();
  const view = await viewing(socket);
  await view.until(() => true);
  for (let i = 0; i < 100; i++) bus.publish('task.finished', load(source, systemClock.now()));
  traced.stop();
  expect(await view.ended).toBe('the trace has ended');
  expect(view.latest()).toMatchObject({
    ended: true,
    events: 100,
    tasks: { load: { whole: { count: 100 } } },
  });
  expect(existsSync(socket)).toBe(false);
});

it('a window has the totals of its metrics, less what they were before it', async () => {
  const values = [{ loads: 7 }, { loads: 10, dumps: 2 }];
  const { bus, source, socket } = await running(async () => values.shift() as MetricTotals);
  const view = await viewing(socket);
  bus.publish('window.started', { source, window: 'w', time: systemClock.now() });
  bus.publish('window.finished', { source, window: 'w', time: systemClock.now() });
  const { totals, window } = await view.until((state) => 'values' in state.totals);
  expect(totals).toEqual({ values: { loads: 3, dumps: 2 } });
  expect(window).toMatchObject({ name: 'w', endTime: expect.any(Number) });
});

it('says why there are no totals', async () => {
  const { bus, source, socket } = await running();
  const view = await viewing(socket);
  const missing = (state: TraceState) => ('missing' in state.totals ? state.totals.missing : '');
  await view.until((state) => missing(state).startsWith('the window goes on'));
  bus.publish('window.finished', { source, window: 'w', time: systemClock.now() });
  await view.until((state) => missing(state).startsWith('this process hands none'));
});
