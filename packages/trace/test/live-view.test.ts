import { describe, expect, it } from 'vitest';
import type { TraceState } from '../src/state.ts';
import { LiveView } from '../src/view/live-view.ts';
import { mergeStates } from '../src/view/merge-states.ts';
import { verdictOf } from '../src/view/verdict.ts';
import { dump, load, traced } from './setup.ts';

function setup() {
  const trace = traced();
  const live = new LiveView('test');
  const { clock, drain } = trace;
  return {
    ...trace,
    live,
    /** A state is received and shown, after so many ms. */
    after(ms: number, change: (state: TraceState) => TraceState = (state) => state) {
      clock.advance(ms);
      drain.pass();
      live.receive('a', change(drain.state()));
      return live.refresh(undefined);
    },
  };
}

describe('the status', () => {
  it('is WAITING before a process has answered', () => {
    expect(new LiveView('x').refresh(undefined)).toMatchObject({ status: 'WAITING', state: undefined });
  });

  it('is TAIL when nothing came in two refreshes, and LIVE again when something does', () => {
    const { bus, source, after } = setup();
    const statuses = [after(250).status, after(250).status, after(250).status];
    bus.publish('task.finished', load(source, 1_000_100));
    expect([...statuses, after(250).status]).toEqual(['LIVE', 'LIVE', 'TAIL', 'LIVE']);
  });

  // A load of 20 ms, of which `queued` are queueing.
  it.each([
    [4, 'BACKPRESSURE'],
    [3.9, 'LIVE'],
  ])('with %d of 20 ms in the queue is %s', (queued, status) => {
    const { bus, source, after } = setup();
    const time = 1_000_100;
    bus.publish(
      'task.finished',
      load(source, time, { pickedUpTime: time - 20 + queued, dispatchedTime: time - 15 }),
    );
    expect(after(250).status).toBe(status);
  });

  it('is DONE and frozen when the window is over, and stays so while late records come', () => {
    const { bus, source, after } = setup();
    bus.publish('window.finished', { source, window: '', time: 1_000_500 });
    expect(after(250)).toMatchObject({ status: 'DONE', frozen: true });
    bus.publish('task.finished', load(source, 1_000_100));
    expect(after(250)).toMatchObject({ status: 'DONE', frozen: true, state: { events: 1 } });
  });
});

describe('rates', () => {
  it('are those of the last second', () => {
    const { bus, source, after } = setup();
    const stored = (keys: number[]) =>
      bus.publish('block.stored', { source, tier: 'l0', time: 1_000_000, keys, cause: 'computed' });
    stored([1, 2, 3]);
    expect(after(250).rates).toBeUndefined();
    for (let i = 0; i < 4; i++) {
      stored([1, 2]);
      after(250);
    }
    // Two blocks each quarter of a second.
    expect(after(0).rates).toMatchObject({ blocks: 8, events: 4, tiers: { l0: { stored: 8 } } });
  });

  it('of a window that is over are its means', () => {
    const { bus, source, after } = setup();
    bus.publish('window.started', { source, window: '', time: 1_000_000 });
    bus.publish('block.stored', { source, tier: 'l0', time: 1_000_100, keys: [1, 2, 3], cause: 'computed' });
    bus.publish('window.finished', { source, window: '', time: 1_000_500 });
    // Three blocks in half a second.
    expect(after(4000).rates).toMatchObject({ blocks: 6 });
  });
});

describe('several processes', () => {
  it('add up to what one would have had that saw all', () => {
    const [a, b, both] = [setup(), setup(), setup()];
    for (const each of [a, both]) each.bus.publish('task.finished', load(each.source, 1_000_100));
    for (const each of [b, both]) each.bus.publish('task.finished', dump(each.source, 1_000_200));
    for (const each of [a, b, both]) each.drain.pass();
    const merged = mergeStates([a.drain.state(), b.drain.state()]) as TraceState;
    const { producers: _, ...sum } = merged;
    const { producers: __, ...one } = both.drain.state();
    expect(sum).toEqual(one);
    expect(merged.producers.map(({ emitted }) => emitted)).toEqual([1, 1]);
  });

  it('are over when all are', () => {
    const { after, live, drain } = setup();
    live.receive('b', drain.state());
    live.ended('b', 'the trace has ended');
    expect(after(250).frozen).toBe(false);
    live.ended('a', undefined);
    expect(live.refresh(undefined)).toMatchObject({ frozen: true, note: 'it ended without a word' });
  });
});

describe('the verdict', () => {
  it('is a partition of the end-to-end time of tasks, and names the largest part and its causes', () => {
    const { bus, source, after } = setup();
    bus.publish('task.finished', load(source, 1_000_100));
    bus.publish('task.finished', dump(source, 1_000_200));
    const verdict = verdictOf(after(250).state as TraceState);
    // Of 40 ms: queue 1 + 1, wait 7, and the host's 2 + 10 of the load and 2 + 7 + 10 of the dump.
    expect(verdict?.shares).toEqual({ backpressure: 2 / 40, 'lower tier': 7 / 40, host: 31 / 40 });
    expect(verdict?.largest).toBe('host');
    expect(verdict?.causes.map(({ title, share }) => [title, share])).toEqual([
      ['load copy', 10 / 40],
      ['dump hand-off', 10 / 40],
      ['dump copy', 7 / 40],
      ['load dispatch', 2 / 40],
      ['dump dispatch', 2 / 40],
    ]);
  });

  it('shows the reads below what waits for them', () => {
    const { bus, source, after } = setup();
    bus.publish('task.finished', load(source, 1_000_100, { readyTime: 1_000_099 }));
    const io = {
      source,
      tier: 'l2',
      direction: 'read',
      time: 1_000_090,
      startTime: 1_000_085,
      bytes: 1,
    } as const;
    bus.publish('io.finished', { ...io, submittedTime: 1_000_082 });
    const verdict = verdictOf(after(250).state as TraceState);
    expect(verdict?.largest).toBe('lower tier');
    expect(verdict?.causes.map(({ title, detail }) => [title, detail])).toEqual([
      ['load lower-tier wait', 'p50 16.000  p99 16.000 ms'],
      ['io read l2', 'p50 5.000  p99 5.000 ms, queued p99 3.000 ms'],
    ]);
  });

  it('is none without a task that has all its marks', () => {
    const { bus, source, after } = setup();
    const { readyTime: _, ...unmarked } = load(source, 1_000_100);
    bus.publish('task.finished', unmarked);
    bus.publish('task.finished', { ...load(source, 1_000_100), errorType: 'timeout' });
    expect(verdictOf(after(250).state as TraceState)).toBeUndefined();
  });
});
