import { createBus, createSource, type Tier } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { curveSummary, curvesAsJson, RunCurves } from '../src/reuse-curve.ts';

const source = createSource({}, createBus());

/** A curve of two points, the second of which has `error`. */
function curve(tier: Tier, error: number, rate = 1) {
  const points = [
    { scale: 0.5, capacity: 50, hitRatio: 0.123, error: 0 },
    { scale: 1, capacity: 100, hitRatio: 1, error },
  ];
  return { source, tier, capacity: 100, points, references: 1000, sampledBlocks: 1234, rate };
}

describe('the summary of curves', () => {
  it('has a row for each tier, with a drawing', () => {
    expect(curveSummary([curve('l0', 0.02), curve('l1', 0)], 1).split('\n')).toEqual([
      'LRU HIT RATIO by capacity  at 1 x   0.5 x      1 x',
      'l0 device                     100  12.3 %  100.0 %  ▁█',
      'l1 host                       100  12.3 %  100.0 %  ▁█',
    ]);
  });

  it('warns of a point that is not to be trusted, and names what stands in the way', () => {
    const of = (rate: number, sampleRate: number) =>
      curveSummary([curve('l1', 0.0201, rate)], sampleRate)
        .split('\n')
        .at(-1);
    expect(of(0.1, 0.1)).toBe(
      'Warning: the sample of l1 (1,234 blocks, a share of 10.0 %) is too small to trust: the error is ± 2.0 % at 1 x. Give it a higher --sample-rate.',
    );
    expect(of(0.05, 0.1)).toMatch(/Give it more --curve-blocks\.$/);
  });

  it('is nothing without a curve', () => {
    expect(curveSummary([], 1)).toBe('');
  });
});

it('JSON has the points by tier', () => {
  const one = curve('l1', 0.5);
  expect(curvesAsJson([one])).toEqual({ l1: one.points });
});

it('a run keeps the last curve of each tier, and gives those that are asked for from the fastest', () => {
  const curves = new RunCurves();
  const { onCurve, ...options } = curves.options(100);
  expect(options).toEqual({ maxBlocks: 100, halfLife: Number.POSITIVE_INFINITY });
  const [early, late, other] = [curve('l1', 0.5), curve('l1', 0.1), curve('l0', 0)];
  for (const told of [early, late, other]) onCurve?.(told);
  expect(curves.of()).toEqual([other, late]);
  expect(curves.of(['l1', 'l2'])).toEqual([late]);
});
