import { type ActiveTransfers, createSource } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { setup, where } from './setup.ts';

const LOAD = where({ source_tier: 'l1', destination_tier: 'l0' });
const OFFLOAD = where({ source_tier: 'l0', destination_tier: 'l1' });

describe('transfers', () => {
  it('add up so that bytes over seconds is the mean rate', () => {
    const { recorder, transferred } = setup();
    transferred('l1', 'l0', 16, 1000);
    transferred('l1', 'l0', 8, 500);
    transferred('l1', 'l0', 3, 200);
    transferred('l1', 'l0', 7, 900);
    transferred('l0', 'l1', 1, 100);
    transferred('l0', 'l1', 2, 200);
    transferred('l0', 'l1', 16, 2000);
    expect(recorder.sum('kv_cache.transfer.io', LOAD)).toBe(34);
    expect(recorder.sum('kv_cache.transfer.io', OFFLOAD)).toBe(19);
    expect(recorder.values('kv_cache.transfer.duration', LOAD)).toEqual([1, 0.5, 0.2, 0.9]);
    expect(recorder.sum('kv_cache.transfer.duration', OFFLOAD)).toBeCloseTo(2.3, 12);
    expect(recorder.values('kv_cache.transfer.size', LOAD)).toEqual([16, 8, 3, 7]);
    expect(recorder.values('kv_cache.transfer.bandwidth', LOAD)).toEqual([16, 16, 15, 7000 / 900]);
  });

  it('tell how many blocks they moved and, where known, how many requests they served', () => {
    const { recorder, transferred } = setup();
    transferred('l1', 'l0', 10, 1, { blocks: 12, requests: 3 });
    transferred('l1', 'l0', 10, 1, { blocks: 0 });
    expect(recorder.values('kv_cache.transfer.blocks', LOAD)).toEqual([12, 0]);
    expect(recorder.values('kv_cache.transfer.requests', LOAD)).toEqual([3]);
  });

  it('that failed have a duration with the error and the bytes really moved, and nothing else', () => {
    const { recorder, transferred } = setup();
    transferred('l1', 'l0', 10, 2, { blocks: 4, requests: 1, errorType: 'io_error' });
    expect(recorder.measurements).toEqual([
      { name: 'kv_cache.transfer.duration', value: 0.002, attributes: { ...LOAD, 'error.type': 'io_error' } },
      { name: 'kv_cache.transfer.io', value: 10, attributes: LOAD },
    ]);
  });

  it.each([
    ['less than 1 us', 10, 0.0009],
    ['no time', 10, 0],
    ['no bytes', 0, 10],
  ])('have no bandwidth in %s', (_, bytes, ms) => {
    const { recorder, transferred } = setup();
    transferred('l1', 'l0', bytes, ms);
    expect(recorder.values('kv_cache.transfer.bandwidth')).toEqual([]);
    expect(recorder.values('kv_cache.transfer.size')).toEqual([bytes]);
  });

  it('of 1 us have one', () => {
    const { bus, source, recorder } = setup();
    bus.publish('transfer.finished', {
      source,
      from: 'l1',
      to: 'l0',
      startTime: 0,
      time: 0.001,
      blocks: 1,
      bytes: 5,
    });
    expect(recorder.values('kv_cache.transfer.bandwidth')).toEqual([5_000_000]);
  });
});

describe('a transfer that contradicts itself is counted as a failure and nowhere else', () => {
  it.each([
    ['it ended before it began', 10, -1, {}],
    ['it never ended', 10, Number.POSITIVE_INFINITY, {}],
    ['its end is unknown', 10, Number.NaN, {}],
    ['it moved less than nothing', -10, 1, {}],
    ['its blocks are no number', 10, 1, { blocks: Number.NaN }],
    ['its requests are negative', 10, 1, { requests: -1 }],
  ])('%s', (_, bytes, ms, rest) => {
    const { bus, recorder, transferred } = setup();
    transferred('l1', 'l0', bytes, ms, rest);
    expect(recorder.measurements).toEqual([]);
    expect(bus.failures.get('transfer')).toBe(1);
  });
});

describe('transfers under way', () => {
  it('are asked of each source when metrics are collected, and add up', () => {
    let asked = 0;
    const transfers: ActiveTransfers[] = [
      { from: 'l1', to: 'l0', active: 3 },
      { from: 'l0', to: 'l1', active: 1 },
    ];
    const { bus, recorder, transferred } = setup(undefined, {
      occupancy: () => {
        asked++;
        return { tiers: [], transfers };
      },
    });
    createSource({ occupancy: () => ({ tiers: [] }) }, bus);
    transferred('l1', 'l0', 1, 1);
    expect(asked).toBe(0);
    expect(recorder.observed('kv_cache.transfer.active', LOAD)).toEqual([3]);
    expect(recorder.observed('kv_cache.transfer.active', OFFLOAD)).toEqual([1]);
    expect(asked).toBe(2);
  });

  it('are shown of the others when one source fails or answers nonsense', () => {
    const { bus, recorder } = setup(undefined, {
      occupancy: () => {
        throw new Error('no answer');
      },
    });
    const answer = (active: number) =>
      createSource({ occupancy: () => ({ tiers: [], transfers: [{ from: 'l2', to: 'l1', active }] }) }, bus);
    answer(Number.NaN);
    answer(7);
    expect(recorder.observed('kv_cache.transfer.active')).toEqual([7]);
    expect(bus.failures.get('transfer')).toBe(2);
  });
});
