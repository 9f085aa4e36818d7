import { createRequire } from 'node:module';
import { createSource, EVENT_NAMES, getBus } from '@kvscope/core';
import type { MeterProvider } from '@opentelemetry/api';
import { onTestFinished, vi } from 'vitest';
import { KvCacheInstrumentation, type KvCacheInstrumentationConfig } from '../src/index.ts';

const bus = getBus();
const source = createSource();
let time = 0;

/** An instrumentation that is off again when the test ends. */
export function instrument(config?: KvCacheInstrumentationConfig): KvCacheInstrumentation {
  const instrumentation = new KvCacheInstrumentation(config);
  onTestFinished(() => instrumentation.disable());
  return instrumentation;
}

/** One block is stored and evicted a second later. */
export function blockLives(key: number): void {
  time += 1000;
  bus.publish('block.stored', { time, source, tier: 'l1', keys: [key], cause: 'computed' });
  bus.publish('block.evicted', { time: time + 1000, source, tier: 'l1', keys: [key], reason: 'deleted' });
}

export function wanted(): string[] {
  return EVENT_NAMES.filter((name) => bus.wants(name));
}

/** Sets environment variables for one test. */
export function environment(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) process.env[name] = value;
  onTestFinished(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
}

/** The timers that repeat, of those that are set from now to the end of the test. */
export function openIntervals(): ReadonlySet<unknown> {
  const open = new Set<unknown>();
  const [set, clear] = [globalThis.setInterval, globalThis.clearInterval];
  vi.stubGlobal('setInterval', (task: () => void, ms: number) => {
    const timer = set(task, ms);
    open.add(timer);
    return timer;
  });
  vi.stubGlobal('clearInterval', (timer: NodeJS.Timeout) => {
    open.delete(timer);
    clear(timer);
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  return open;
}

/** The callbacks of our meter at a provider, of those that are added from now on. */
export function openCallbacks(provider: MeterProvider): ReadonlySet<unknown> {
  const open = new Set<unknown>();
  const { name, version } = createRequire(import.meta.url)('../package.json') as {
    name: string;
    version: string;
  };
  // An SDK has one meter for a name and version.
  const meter = provider.getMeter(name, version);
  const [add, remove] = [meter.addBatchObservableCallback, meter.removeBatchObservableCallback];
  meter.addBatchObservableCallback = (callback, observables) => {
    open.add(callback);
    add.call(meter, callback, observables);
  };
  meter.removeBatchObservableCallback = (callback, observables) => {
    open.delete(callback);
    remove.call(meter, callback, observables);
  };
  return open;
}
