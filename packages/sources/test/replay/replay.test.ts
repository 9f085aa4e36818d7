import { createBus } from '@kvscope/core';
import { ScriptedClock } from '@kvscope/core/testing';
import { describe, expect, it } from 'vitest';
import { type ReplayOptions, replay } from '../../src/replay/replay.js';
import type { TraceRequest } from '../../src/request-trace/trace-request.js';
import { record } from './events.js';

function request(timestamp: number, ...hashIds: number[]): TraceRequest {
  return { timestamp, inputLength: 512 * hashIds.length, outputLength: 1, hashIds, line: 1 };
}

function setup() {
  const bus = createBus();
  const controller = new AbortController();
  const options: ReplayOptions = { tiers: { l0: 2 }, bus, signal: controller.signal };
  return { bus, controller, options, ...record(bus) };
}

/** More requests than any test replays, which note when they are closed. */
function many() {
  const state = { closed: false };
  function* requests() {
    try {
      for (let i = 0; i < 100_000; i++) yield request(i, i);
    } finally {
      state.closed = true;
    }
  }
  return { state, requests: requests() };
}

describe('replay', () => {
  it('publishes each request at its own time and says how many there were', async () => {
    const { options, events } = setup();
    const seen: number[] = [];
    const result = await replay([request(10, 1), request(4, 1)], {
      ...options,
      onRequest: ({ timestamp }) => seen.push(timestamp),
    });
    expect(result).toEqual({ requests: 2, interrupted: false });
    expect(events).toEqual([
      { type: 'stored', time: 10, tier: 'l0', keys: [1] },
      { type: 'accessed', time: 4, tier: 'l0', keys: [1] },
    ]);
    expect(seen).toEqual([10, 4]);
  });

  it('awaits both ends while its tiers answer occupancy', async () => {
    const { options, bus } = setup();
    const held: number[] = [];
    const note = async () => {
      for (const source of bus.sources) held.push(source.occupancy?.().tiers[0]?.evictable ?? Number.NaN);
    };
    await replay([request(10, 1), request(20, 2)], { ...options, onBegin: note, onEnd: note });
    expect(held).toEqual([0, 2]);
    expect(bus.sources.size).toBe(0);
  });

  it('publishes a paced request when it is due', async () => {
    const { options, bus } = setup();
    const clock = new ScriptedClock(500);
    const published: [number, number][] = [];
    bus.subscribe('block.stored', 'test', ({ time }) => published.push([time, clock.now()]));
    const requests = [request(1000, 1), request(1600, 2), request(1000, 3), request(2000, 4)];
    const wait = async (ms: number) => clock.advance(ms);
    await replay(requests, { ...options, speed: 2, clock, wait });
    // 500 + (t - 1000) / 2, and the third at once.
    expect(published).toEqual([
      [1000, 500],
      [1600, 800],
      [1000, 800],
      [2000, 1000],
    ]);
  });

  it('ends without an error when it is aborted during a wait', async () => {
    const { options, controller, events, bus } = setup();
    const result = await replay([request(0, 1), request(60_000, 2)], {
      ...options,
      speed: 1,
      onRequest: () => setImmediate(() => controller.abort()),
    });
    expect(result).toEqual({ requests: 1, interrupted: true });
    expect(events).toHaveLength(1);
    expect(bus.sources.size).toBe(0);
  });

  it('lets the event loop run at full speed, so that an abort gets through', async () => {
    const { options, controller } = setup();
    const { state, requests } = many();
    setImmediate(() => controller.abort());
    const { requests: replayed, interrupted } = await replay(requests, options);
    expect({ interrupted, ...state }).toEqual({ interrupted: true, closed: true });
    expect(replayed).toBeGreaterThan(0);
  });

  it('ends between two requests when it is aborted by one of them', async () => {
    const { options, controller } = setup();
    const { state, requests } = many();
    const onRequest = ({ timestamp }: TraceRequest) => {
      if (timestamp === 2) controller.abort();
    };
    expect(await replay(requests, { ...options, onRequest })).toEqual({ requests: 3, interrupted: true });
    expect(state.closed).toBe(true);
  });

  it('does not wait for a request that never comes', async () => {
    const { options, controller } = setup();
    async function* stuck() {
      yield request(0, 1);
      await new Promise(() => {});
    }
    const onRequest = () => setImmediate(() => controller.abort());
    expect(await replay(stuck(), { ...options, onRequest })).toEqual({ requests: 1, interrupted: true });
  });

  it('publishes nothing when it was aborted before', async () => {
    const { options, controller, events } = setup();
    controller.abort();
    expect(await replay([request(0, 1)], options)).toEqual({ requests: 0, interrupted: true });
    expect(events).toEqual([]);
  });

  it('throws what the requests, the wait or a callback throw, and closes', async () => {
    const { options, bus } = setup();
    const broken = new Error('broken');
    async function* failing() {
      yield request(0, 1);
      throw broken;
    }
    await expect(replay(failing(), options)).rejects.toBe(broken);
    const rejecting = () => Promise.reject(broken);
    await expect(replay([request(0), request(9)], { ...options, speed: 1, wait: rejecting })).rejects.toBe(
      broken,
    );
    const { state, requests } = many();
    const onRequest = () => {
      throw broken;
    };
    await expect(replay(requests, { ...options, onRequest })).rejects.toBe(broken);
    expect(state.closed).toBe(true);
    expect(bus.sources.size).toBe(0);
  });

  it('refuses options outside their range', async () => {
    const { options } = setup();
    await expect(replay([], { ...options, speed: 0 })).rejects.toThrow(
      /^speed is 0; allowed: 'max' or a number/,
    );
    await expect(replay([], { ...options, tiers: {} })).rejects.toThrow(/^tiers is/);
  });
});
