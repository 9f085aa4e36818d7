import type { Source } from '@kvscope/core';
import { LiveView, type ViewState } from '@kvscope/trace/viewer';
import { FLOAT } from '../../../trace/src/ring/layout.ts';
import { dump, load, traced } from '../../../trace/test/setup.ts';

const START = 1_000_000;

interface Longer {
  readonly queueMs?: number;
  readonly waitMs?: number;
}

export interface Scene extends ReturnType<typeof traced> {
  readonly live: LiveView;
  readonly at: { readonly source: Source; readonly time: number };
  /** Two loads and a dump a step, and what goes with them. @param longer what each load waits longer */
  work(steps: number, longer?: Longer): void;
  fail(): void;
  /** The event loop of the thread, in ms, as it tells of it once a second. */
  loopDelay(p50: number, p99: number, max: number, above: number): void;
  /** What is shown after two refreshes, a second apart. */
  frame(): ViewState;
}

/** A view of one process, fed by events, at a time of one's choosing. */
export function scene(): Scene {
  const trace = traced();
  const { bus, source, drain, clock, ring } = trace;
  const live = new LiveView('42 demo.js');
  const at = { source, time: START + 100 };
  return {
    ...trace,
    work(steps, { queueMs = 0, waitMs = 0 } = {}) {
      for (let step = 0; step < steps; step++) {
        const time = START + 10 * step;
        for (const longer of [0, 1]) {
          const task = load(source, time + longer);
          const waited = { submittedTime: task.submittedTime - queueMs - waitMs };
          const picked = { pickedUpTime: (task.pickedUpTime as number) - waitMs };
          const dispatched = { dispatchedTime: (task.dispatchedTime as number) - waitMs };
          bus.publish('task.finished', { ...task, ...waited, ...picked, ...dispatched });
        }
        bus.publish('task.finished', dump(source, time));
        const layer = { source, batch: step, startTime: time };
        for (const [number, ms] of [2, 0.5].entries()) {
          const first = number === 0;
          bus.publish('layer.loaded', { ...layer, layer: number, first, time: time + 4 });
          bus.publish('layer.waited', {
            ...layer,
            layer: number,
            first,
            time: time + ms,
            operation: 'load',
            tasks: 1,
          });
        }
        bus.publish('batch.finished', { source, batch: step, time: time + 9, saveTailStartTime: time + 6 });
        bus.publish('lookup.finished', { source, tier: 'l0', startTime: time, time, blocks: 4, hits: 3 });
        bus.publish('block.stored', { source, tier: 'l0', time, keys: [step], cause: 'computed' });
        bus.publish('transfer.finished', {
          source,
          from: 'l1',
          to: 'l0',
          startTime: time,
          time,
          blocks: 1,
          bytes: 65_536,
        });
        const read = { tier: 'l2', direction: 'read', bytes: 32_768 } as const;
        bus.publish('io.finished', {
          source,
          ...read,
          submittedTime: time - 1,
          startTime: time,
          time: time + 5,
        });
        drain.pass();
      }
    },
    fail: () => bus.publish('task.finished', { ...load(source, START + 50), errorType: 'timeout' }),
    loopDelay(p50, p99, max, above) {
      ring.floats.set([100, p50, p99, max, above], FLOAT.loopCount);
      ring.floats.set([10, 200, Number.NaN, 50, 400, Number.NaN], FLOAT.resident);
    },
    frame() {
      drain.pass();
      live.receive('a', { ...drain.state(), events: 0 });
      live.refresh(3);
      clock.advance(1000);
      live.receive('a', drain.state());
      return live.refresh(3);
    },
    live,
    at,
  };
}
