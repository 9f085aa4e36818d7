import { createSource, EVENT_NAMES, getBus } from '@kvscope/core';
import { onTestFinished } from 'vitest';
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
