import { createBus, createSampler, createSource, startSubscriber, type TaskFinished } from '@kvscope/core';
import { MemoryRecorder, ScriptedClock } from '@kvscope/core/testing';
import { Drain } from '../src/drain/drain.ts';
import type { DrainData, OwnerMessage } from '../src/drain/messages.ts';
import type { TraceOptions } from '../src/options.ts';
import { TraceControl } from '../src/ring/control.ts';
import { openRing } from '../src/ring/layout.ts';
import { traceWith } from '../src/trace.ts';

/** The trace on a bus of its own, with a drain in the same thread that empties rings when it is told to. */
export function traced(options: TraceOptions = {}) {
  const bus = createBus();
  const clock = new ScriptedClock(1_000_000);
  const messages: OwnerMessage[] = [];
  const opened: DrainData[] = [];
  const loop = { written: 0, resets: 0, stopped: false };
  const subscriber = traceWith({
    openDrain: (data) => {
      opened.push(data);
      return { tell: (message) => void messages.push(message) };
    },
    measureLoop: () => ({
      write: () => void loop.written++,
      reset: () => void loop.resets++,
      stop: () => {
        loop.stopped = true;
      },
    }),
  });
  const environment = { bus, clock, recorder: new MemoryRecorder(), sampler: createSampler() };
  const running = startSubscriber(subscriber, environment, { ringRecords: 1024, ...options });
  const data = opened[0] as DrainData;
  const control = new TraceControl(data.control);
  const drain = new Drain(control, 42, 1, () => clock.now());
  drain.adopt(openRing(data.ring));
  const source = createSource({}, bus);
  return { bus, clock, running, drain, control, source, messages, loop, ring: openRing(data.ring) };
}

/** A load of 20 ms that ended at `time`: queue 1, dispatch 2, wait 7, copy 10. */
export function load(
  source: TaskFinished['source'],
  time: number,
  changes: Partial<TaskFinished> = {},
): TaskFinished {
  return {
    source,
    time,
    operation: 'load',
    submittedTime: time - 20,
    pickedUpTime: time - 19,
    dispatchedTime: time - 17,
    readyTime: time - 10,
    copiedTime: time,
    shards: { cache: 0, backend: 1, shared: 0, skipped: 0 },
    blocks: 3,
    bytes: 4096,
    ...changes,
  };
}

/** A dump of 20 ms: queue 1, dispatch 2, copy 7, hand-off 10. */
export function dump(source: TaskFinished['source'], time: number): TaskFinished {
  const { readyTime: _, ...task } = load(source, time);
  return { ...task, operation: 'dump', copiedTime: time - 10, handedOffTime: time };
}
