import { createSampler, startSubscriber } from '@kvscope/core';
import { MemoryRecorder } from '@kvscope/core/testing';
import { transfer } from '@kvscope/subscriber-transfer';
import { quantileOf, verdictOf } from '@kvscope/trace/viewer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PRECISION } from '../../packages/trace/src/aggregation/distribution.ts';
import { traced } from '../../packages/trace/test/setup.ts';
import { sound, total } from './setup.ts';

const STAGES = {
  load: ['queue', 'dispatch', 'wait', 'copy'],
  dump: ['queue', 'dispatch', 'copy', 'handoff'],
} as const;

it('the stage table of the trace has the counts, sums and percentiles of the metrics of the same window', () => {
  fc.assert(
    fc.property(fc.array(sound, { maxLength: 100 }), (stream) => {
      const { bus, clock, drain } = traced();
      const recorder = new MemoryRecorder();
      startSubscriber(transfer, { bus, clock, recorder, sampler: createSampler() });
      for (const [type, event] of stream) if (type === 'task.finished') bus.publish(type, event as never);
      drain.pass();
      const state = drain.state();
      for (const operation of ['load', 'dump'] as const) {
        for (const stage of STAGES[operation]) {
          const metric = `kv_cache.task.${stage}.duration`;
          const values = recorder.measurements
            .filter(
              ({ name, attributes }) =>
                name === metric && attributes['kv_cache.operation.name'] === operation,
            )
            .map(({ value }) => value * 1000)
            .sort((a, b) => a - b);
          const found = state.tasks[operation].stages[stage];
          expect(found.count).toBe(values.length);
          // Spans are float32: at most 200,000 ms here, to 2^-24 of that, at both ends.
          const rounding = 2 * 200_000 * 2 ** -24;
          expect(Math.abs(found.sum - total(values))).toBeLessThanOrEqual(rounding * (values.length + 1));
          for (const quantile of [0.5, 0.99]) {
            const exact = values[Math.ceil(quantile * values.length) - 1];
            if (exact === undefined) continue;
            const error = Math.abs(quantileOf(found, quantile) - exact);
            expect(error).toBeLessThanOrEqual(exact * PRECISION * (1 + 1e-6) + rounding);
          }
        }
      }
      const shares = Object.values(verdictOf(state)?.shares ?? { all: 1 });
      expect(total(shares)).toBeCloseTo(1, 12);
    }),
    { numRuns: 200 },
  );
});
