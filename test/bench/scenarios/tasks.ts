import {
  createBus,
  createMeterRecorder,
  createSampler,
  createSource,
  type Recorder,
  shardMetrics,
  startSubscriber,
  systemClock,
  type TaskFinished,
  transferMetrics,
} from '@kvscope/core';
import { FastRecorder } from '@kvscope/fast-path';
import { shards } from '@kvscope/subscriber-shards';
import { transfer } from '@kvscope/subscriber-transfer';
import type { Counter, Histogram, Meter } from '@opentelemetry/api';
import { type Comparison, compare } from '../comparison.js';
import { silentMeter } from '../silent-meter.js';
import { measure } from './shapes.js';

const TASKS = 4096;

/** Loads and dumps of `sources` sources in turn, with random stage times. */
function tasksOf(sources: number): TaskFinished[] {
  const made = Array.from({ length: sources }, (_, i) =>
    createSource({ attributes: { cache: i } }, createBus()),
  );
  return Array.from({ length: TASKS }, (_, i) => {
    const submittedTime = 1_700_000_000_000 + i;
    const pickedUpTime = submittedTime + Math.random();
    const dispatchedTime = pickedUpTime + Math.random();
    const third = dispatchedTime + 10 * Math.random();
    const last = third + Math.random();
    const source = made[i % sources] as TaskFinished['source'];
    const shards = { cache: 1, backend: 3, shared: 0, skipped: 0 };
    const begin = [source, submittedTime, pickedUpTime, dispatchedTime, shards] as const;
    return i % 2 === 0 ? loadOf(...begin, third, last) : dumpOf(...begin, third, last);
  });
}

type Begin = readonly [
  source: TaskFinished['source'],
  submittedTime: number,
  pickedUpTime: number,
  dispatchedTime: number,
  shards: TaskFinished['shards'],
];

// Written out, since an object that is put together from others is one that is slow to read.
function loadOf(
  ...[source, submittedTime, pickedUpTime, dispatchedTime, shards, readyTime, time]: [
    ...Begin,
    number,
    number,
  ]
) {
  const operation = 'load' as const;
  const [blocks, bytes, copiedTime] = [4, 65_536, time];
  return {
    time,
    source,
    operation,
    submittedTime,
    pickedUpTime,
    dispatchedTime,
    readyTime,
    copiedTime,
    shards,
    blocks,
    bytes,
  };
}

function dumpOf(
  ...[source, submittedTime, pickedUpTime, dispatchedTime, shards, copiedTime, time]: [
    ...Begin,
    number,
    number,
  ]
) {
  const operation = 'dump' as const;
  const [blocks, bytes, handedOffTime] = [4, 65_536, time];
  return {
    time,
    source,
    operation,
    submittedTime,
    pickedUpTime,
    dispatchedTime,
    copiedTime,
    handedOffTime,
    shards,
    blocks,
    bytes,
  };
}

function published(recorder: Recorder, tasks: readonly TaskFinished[]): () => void {
  const bus = createBus();
  const environment = { bus, recorder, clock: systemClock, sampler: createSampler() };
  startSubscriber(shards, environment);
  startSubscriber(transfer, environment);
  const channel = bus.channel('task.finished');
  return () => {
    for (const task of tasks) channel.publish(task);
  };
}

/** The same measurements, written out by hand against the API. */
function bare(on: Meter, tasks: readonly TaskFinished[]): () => void {
  const metrics = { ...shardMetrics.metrics, ...transferMetrics.metrics };
  const histogram = (name: keyof typeof metrics): Histogram => {
    const { boundaries } = metrics[name] as { boundaries?: readonly number[] };
    return on.createHistogram(name, { advice: { explicitBucketBoundaries: [...(boundaries ?? [])] } });
  };
  const counter = (name: keyof typeof metrics): Counter => on.createCounter(name);
  const [count, moved] = [counter('kv_cache.tasks'), counter('kv_cache.task.shards')];
  const [blocks, io] = [counter('kv_cache.task.blocks'), counter('kv_cache.task.io')];
  const [duration, bandwidth] = [histogram('kv_cache.task.duration'), histogram('kv_cache.task.bandwidth')];
  const [queue, dispatch] = [
    histogram('kv_cache.task.queue.duration'),
    histogram('kv_cache.task.dispatch.duration'),
  ];
  const [wait, copy] = [histogram('kv_cache.task.wait.duration'), histogram('kv_cache.task.copy.duration')];
  const handoff = histogram('kv_cache.task.handoff.duration');
  return () => {
    for (const task of tasks) {
      const at = { ...task.source.attributes, 'kv_cache.operation.name': task.operation };
      count.add(1, at);
      for (const origin of ['cache', 'backend', 'shared', 'skipped'] as const) {
        moved.add(task.shards[origin], { ...at, 'kv_cache.shard.origin': origin });
      }
      blocks.add(task.blocks, at);
      io.add(task.bytes, at);
      const { submittedTime, pickedUpTime = 0, dispatchedTime = 0, readyTime, copiedTime = 0 } = task;
      duration.record((task.time - submittedTime) / 1000, at);
      bandwidth.record((task.bytes * 1000) / (task.time - submittedTime), at);
      queue.record((pickedUpTime - submittedTime) / 1000, at);
      dispatch.record((dispatchedTime - pickedUpTime) / 1000, at);
      if (readyTime !== undefined) wait.record((readyTime - dispatchedTime) / 1000, at);
      copy.record((copiedTime - (readyTime ?? dispatchedTime)) / 1000, at);
      if (task.handedOffTime !== undefined) handoff.record((task.handedOffTime - copiedTime) / 1000, at);
    }
  };
}

const what = 'task.finished through shards and transfer';
function fastPath(sources: number, scale?: string): Promise<Comparison> {
  const tasks = tasksOf(sources);
  return compare({
    what: `${what}, fast path`,
    ...(scale !== undefined && { scale }),
    peerName: 'the same records bare',
    ...(scale === undefined && { budget: 220 }),
    perCall: TASKS,
    ours: published(new FastRecorder(), tasks),
    peer: bare(silentMeter(), tasks),
  });
}

await measure<'tasks'>({
  fast: () => fastPath(1),
  '10 sources': () => fastPath(10, '10x: sources in turn'),
  '100 sources': () => fastPath(100, '100x: sources in turn'),
  sdk: () => {
    const tasks = tasksOf(1);
    return compare({
      what: `${what}, SDK path`,
      peerName: 'the same records bare',
      ratio: 1.2,
      perCall: TASKS,
      ours: published(createMeterRecorder(silentMeter()), tasks),
      peer: bare(silentMeter(), tasks),
    });
  },
});
