import { type Bus, createSampler, startSubscriber, systemClock } from '@kvscope/core';
import { MemoryRecorder } from '@kvscope/core/testing';
import { type ReuseCurve, type ReuseOptions, reuse } from '@kvscope/subscriber-reuse';

/** The reuse subscriber on a bus, with its own sample, counting all references the same. */
export function followed(bus: Bus, rate: number, seed: number, options: ReuseOptions = {}) {
  const recorder = new MemoryRecorder();
  let curves: ReuseCurve[] = [];
  startSubscriber(
    reuse,
    { bus, recorder, clock: systemClock, sampler: createSampler(rate, seed) },
    { halfLife: Number.POSITIVE_INFINITY, ...options, onCurve: (curve) => curves.push(curve) },
  );
  return {
    /** Collects. */
    curves(): readonly ReuseCurve[] {
      curves = [];
      recorder.observed('kv_cache.reuse.hit_ratio');
      return curves;
    },
  };
}
