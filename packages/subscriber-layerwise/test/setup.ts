import {
  type BatchId,
  createBus,
  createSampler,
  createSource,
  type LayerOperation,
  type Source,
  startSubscriber,
} from '@kvscope/core';
import { MemoryRecorder, ScriptedClock } from '@kvscope/core/testing';
import { type LayerwiseOptions, layerwise } from '../src/index.ts';

/** The layerwise subscriber on a bus of its own; times are in milliseconds, as events have them. */
export function setup(options?: LayerwiseOptions) {
  const bus = createBus();
  const clock = new ScriptedClock();
  const recorder = new MemoryRecorder();
  const environment = { bus, clock, recorder, sampler: createSampler(1e-9) };
  const running = startSubscriber(layerwise, environment, options);
  const source = createSource({}, bus);
  const batchOf = (batch: BatchId, from: Source = source) => publishers(bus, from, batch);
  return { bus, clock, recorder, running, source, batchOf, ...batchOf(1) };
}

export type Setup = ReturnType<typeof setup>;

/** Publishes the events of one batch; its layer 0 is the first. */
function publishers(bus: ReturnType<typeof createBus>, source: Source, batch: BatchId) {
  const at = (layer: number, startTime: number, time: number) => ({
    source,
    batch,
    layer,
    first: layer === 0,
    startTime,
    time,
  });
  return {
    submitted: (
      layer: number,
      startTime: number,
      time: number,
      operation: LayerOperation = 'load',
      requests?: number,
    ) =>
      bus.publish('layer.submitted', {
        ...at(layer, startTime, time),
        operation,
        ...(requests !== undefined && { requests }),
      }),
    waited: (layer: number, startTime: number, time: number, operation: LayerOperation = 'load', tasks = 1) =>
      bus.publish('layer.waited', { ...at(layer, startTime, time), operation, tasks }),
    loaded: (layer: number, startTime: number, time: number) =>
      bus.publish('layer.loaded', at(layer, startTime, time)),
    finished: (time: number, saveTailStartTime?: number) =>
      bus.publish('batch.finished', {
        source,
        batch,
        time,
        ...(saveTailStartTime !== undefined && { saveTailStartTime }),
      }),
  };
}

/** Attribute values by their names without our namespace. */
export function where(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([key, word]) => [`kv_cache.${key}`, word]));
}
