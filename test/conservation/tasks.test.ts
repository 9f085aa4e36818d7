import { SHARD_ORIGINS, TASK_OPERATIONS, type TaskFinished } from '@kvscope/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Publication } from '../contract/arbitrary-events.ts';
import { eventsOf, recordingOf, SOURCE, sound, total, where } from './setup.ts';

/** Stages of each operation, in their order. */
const STAGES = {
  load: ['queue', 'dispatch', 'wait', 'copy'],
  dump: ['queue', 'dispatch', 'copy', 'handoff'],
};

/** Lengths of the four stages, in whole microseconds. */
const lengths = fc.tuple(fc.nat(1e6), fc.nat(1e6), fc.nat(1e6), fc.nat(1e6));

/** A task that went through all its stages. */
const wholeTask: fc.Arbitrary<Publication> = fc
  .record({ operation: fc.constantFrom(...TASK_OPERATIONS), start: fc.nat(1e9), lengths, size: fc.nat(1e9) })
  .map(({ operation, start, lengths, size }) => {
    const [submittedTime, pickedUpTime, dispatchedTime, third, last] = [0, 1, 2, 3, 4].map(
      (stages) => (start + total(lengths.slice(0, stages))) / 1000,
    ) as [number, number, number, number, number];
    const marks =
      operation === 'load'
        ? { readyTime: third, copiedTime: last }
        : { copiedTime: third, handedOffTime: last };
    const task: TaskFinished = {
      source: SOURCE,
      operation,
      time: last,
      submittedTime,
      pickedUpTime,
      dispatchedTime,
      ...marks,
      shards: { cache: 1, backend: 2, shared: 3, skipped: 4 },
      blocks: 1,
      bytes: size,
    };
    return ['task.finished', task];
  });

it('the stages of a task add up to its duration', () => {
  fc.assert(
    fc.property(fc.array(wholeTask, { maxLength: 40 }), (stream) => {
      const recorder = recordingOf(stream);
      for (const operation of TASK_OPERATIONS) {
        const of = (name: string) =>
          recorder.values(`kv_cache.task.${name}`, where({ 'operation.name': operation }));
        const stages = STAGES[operation].map((stage) => of(`${stage}.duration`));
        const durations = of('duration');
        for (const values of stages) expect(values).toHaveLength(durations.length);
        // Each task telescopes, not only the sum.
        for (const [i, duration] of durations.entries()) {
          expect(total(stages.map((values) => values[i] as number))).toBeCloseTo(duration, 9);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

it('no stage is longer than its task, whatever became of it', () => {
  fc.assert(
    fc.property(fc.array(sound, { maxLength: 80 }), (stream) => {
      const recorder = recordingOf(stream);
      const recorded = ['queue', 'dispatch', 'wait', 'copy', 'handoff'].flatMap((stage) =>
        recorder.values(`kv_cache.task.${stage}.duration`),
      );
      const durations = recorder.values('kv_cache.task.duration');
      expect(durations).toHaveLength(eventsOf(stream, 'task.finished').length);
      expect(total(recorded)).toBeLessThanOrEqual(total(durations) + 1e-9);
      expect(Math.min(0, ...recorded)).toBe(0);
    }),
    { numRuns: 1000 },
  );
});

it('shards by origin add up to the shards of all tasks, each task counted once', () => {
  fc.assert(
    fc.property(fc.array(sound, { maxLength: 80 }), (stream) => {
      const recorder = recordingOf(stream);
      for (const operation of TASK_OPERATIONS) {
        const tasks = eventsOf(stream, 'task.finished').filter((task) => task.operation === operation);
        const of = (name: string, attributes = {}) =>
          recorder.sum(name, where({ 'operation.name': operation, ...attributes }));
        expect(of('kv_cache.tasks')).toBe(tasks.length);
        for (const origin of SHARD_ORIGINS) {
          expect(of('kv_cache.task.shards', { 'shard.origin': origin })).toBe(
            total(tasks.map(({ shards }) => shards[origin])),
          );
        }
        const succeeded = tasks.filter(({ errorType }) => errorType === undefined);
        expect(of('kv_cache.task.blocks')).toBe(total(succeeded.map(({ blocks }) => blocks)));
        expect(of('kv_cache.task.io')).toBe(total(succeeded.map(({ bytes }) => bytes)));
      }
    }),
    { numRuns: 1000 },
  );
});
