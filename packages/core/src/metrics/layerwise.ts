import { batchAbandonReason, layerOperation, layerPosition } from './attributes.js';
import { COUNT, LATENCY, SHARE, WAIT } from './boundaries.js';
import { defineMetrics } from './declaration.js';

/** Never sampled: whether layerwise loading hides behind compute. */
export const layerwiseMetrics = defineMetrics('layerwise', {
  'kv_cache.layer.wait.duration': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time the compute thread waited until a layer was loaded or saved. The first layer has nothing to hide behind and is kept apart.',
    grain: 'layer wait',
    attributes: [layerOperation, layerPosition],
    boundaries: WAIT,
  },
  'kv_cache.layer.wait.tasks': {
    instrument: 'histogram',
    unit: '{task}',
    description: 'Tasks that one layer wait waited for.',
    grain: 'layer wait',
    attributes: [layerOperation],
    boundaries: COUNT,
  },
  'kv_cache.layer.load.duration': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time from the submit of the load of a layer until it was really there. The share of it that was waited for is what compute did not hide.',
    grain: 'layer load',
    attributes: [layerPosition],
    boundaries: LATENCY,
  },
  'kv_cache.layer.interval.duration': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time from the end of one load wait to the start of the next in the same batch: the compute that a load can hide behind. Waits that overlap have none between them.',
    grain: 'pair of consecutive load waits',
    attributes: [],
    boundaries: LATENCY,
  },
  'kv_cache.layer.submit.duration': {
    instrument: 'histogram',
    unit: 's',
    description: 'Time the call took that submitted the load or save of a layer.',
    grain: 'submit call',
    attributes: [layerOperation, layerPosition],
    boundaries: LATENCY,
  },
  'kv_cache.layer.first.requests': {
    instrument: 'histogram',
    unit: '{request}',
    description: 'Requests in a batch, recorded when the load of its first layer is submitted.',
    grain: 'submit of a first load',
    attributes: [],
    boundaries: COUNT,
  },
  'kv_cache.layer.save_tail.duration': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time from the end of compute until the last save that was waited for; 0 when all were saved by then.',
    grain: 'batch with saves',
    attributes: [],
    boundaries: LATENCY,
  },
  'kv_cache.layer.stalls': {
    instrument: 'counter',
    unit: '{layer}',
    description: 'Load waits longer than the threshold (default 1 ms).',
    grain: 'layer wait for a load',
    attributes: [layerPosition],
  },
  'kv_cache.layer.overlap': {
    instrument: 'histogram',
    unit: '1',
    description:
      'Share of the load time of a batch that compute hid: 1 - waited / loaded over its layers, from 0 (serial) to 1 (nothing was waited for).',
    grain: 'batch with loads',
    attributes: [],
    boundaries: SHARE,
  },
  'kv_cache.layer.batches_abandoned': {
    instrument: 'counter',
    unit: '{batch}',
    description:
      'Batches that did not finish in time, or were more than the state may hold; no overlap or save tail is recorded for them.',
    grain: 'batch',
    attributes: [batchAbandonReason],
  },
});
