import {
  createBus,
  createSampler,
  createSource,
  type ErrorType,
  type IoFinished,
  type RequestChunk,
  type Source,
  type SourceOptions,
  startSubscriber,
  type TaskFinished,
  type Tier,
} from '@kvscope/core';
import { MemoryRecorder, ScriptedClock } from '@kvscope/core/testing';
import { type TransferOptions, transfer } from '../src/index.ts';

/** The transfer subscriber on a bus of its own; times are in milliseconds, as events have them. */
export function setup(options?: TransferOptions, sourceOptions: SourceOptions = {}) {
  const bus = createBus();
  const clock = new ScriptedClock();
  const recorder = new MemoryRecorder();
  const environment = { bus, clock, recorder, sampler: createSampler(1e-9) };
  const running = startSubscriber(transfer, environment, options);
  const source = createSource(sourceOptions, bus);
  return { bus, clock, recorder, running, source, ...publishers(bus, source) };
}

export type Setup = ReturnType<typeof setup>;

function publishers(bus: ReturnType<typeof createBus>, source: Source) {
  return {
    transferred: (
      from: Tier,
      to: Tier,
      bytes: number,
      ms: number,
      rest: { blocks?: number; requests?: number; errorType?: ErrorType } = {},
    ) =>
      bus.publish('transfer.finished', {
        source,
        from,
        to,
        startTime: 1000,
        time: 1000 + ms,
        blocks: 1,
        bytes,
        ...rest,
      }),
    task: (rest: Partial<TaskFinished> & Pick<TaskFinished, 'operation' | 'time'>) =>
      bus.publish('task.finished', {
        source,
        submittedTime: 0,
        shards: { cache: 0, backend: 1, shared: 0, skipped: 0 },
        blocks: 1,
        bytes: 1000,
        ...rest,
      }),
    io: (rest: Partial<IoFinished> & Pick<IoFinished, 'startTime' | 'time'>) =>
      bus.publish('io.finished', { source, tier: 'l2', direction: 'read', bytes: 4096, ...rest }),
    /** Chunk `index` from `startTime` to `time` of one request, 100 bytes unless said. */
    chunk: (index: number, startTime: number, time: number, rest: Partial<RequestChunk> = {}) =>
      bus.publish('request.chunk', {
        source,
        requestId: 'r',
        sessionId: 's',
        index,
        last: false,
        startTime,
        time,
        bytes: 100,
        ...rest,
      }),
    aborted: (time: number, requestId = 'r', sessionId?: string) =>
      bus.publish('request.aborted', { source, time, requestId, ...(sessionId && { sessionId }) }),
  };
}

/** Attribute values by their names without our namespace. */
export function where(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([key, word]) => [`kv_cache.${key}`, word]));
}

/** Durations of requests that completed, in s. */
export function durations({ recorder }: Setup): number[] {
  return recorder.values('kv_cache.request.transfer.duration');
}

export function sizes({ recorder }: Setup): number[] {
  return recorder.values('kv_cache.request.transfer.size');
}

/** Requests abandoned, for one reason or for all. */
export function abandoned({ recorder }: Setup, reason?: 'aborted' | 'age' | 'limit'): number {
  return recorder.sum(
    'kv_cache.request.transfer.abandoned',
    reason ? where({ 'abandon.reason': reason }) : {},
  );
}
