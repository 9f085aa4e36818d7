import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Publication } from '../contract/arbitrary-events.ts';
import { eventsOf, recordingOf, sound, total } from './setup.ts';

/** What only successful work enters. */
const OF_SUCCESSES = [
  'kv_cache.task.blocks',
  'kv_cache.task.io',
  'kv_cache.task.bandwidth',
  'kv_cache.io',
  'kv_cache.io.bandwidth',
  'kv_cache.transfer.size',
  'kv_cache.transfer.bandwidth',
  'kv_cache.transfer.blocks',
  'kv_cache.transfer.requests',
];

/** What all work enters, and carries the error of what failed. */
const OF_ALL = {
  'kv_cache.tasks': 'task.finished',
  'kv_cache.task.duration': 'task.finished',
  'kv_cache.transfer.duration': 'transfer.finished',
  'kv_cache.io.duration': 'io.finished',
  'kv_cache.io.task.duration': 'io.task.finished',
} as const;

const failed = ([, event]: Publication): boolean => 'errorType' in event;
const streams = fc.array(sound, { maxLength: 80 });

describe('failed work', () => {
  it('enters no size, bandwidth, blocks or bytes: they are those of the stream without it', () => {
    fc.assert(
      fc.property(streams, (stream) => {
        const [all, successes] = [
          recordingOf(stream),
          recordingOf(stream.filter((publication) => !failed(publication))),
        ];
        for (const name of OF_SUCCESSES) {
          const of = ({ measurements }: typeof all) => measurements.filter((found) => found.name === name);
          expect(of(all)).toEqual(of(successes));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('has a duration and a count of its own, under its error, which no success has', () => {
    fc.assert(
      fc.property(streams, (stream) => {
        const recorder = recordingOf(stream);
        for (const [name, type] of Object.entries(OF_ALL)) {
          const errors = recorder.measurements
            .filter((found) => found.name === name)
            .map(({ attributes }) => attributes['error.type']);
          const expected = eventsOf(stream, type).map((event) =>
            'errorType' in event ? event.errorType : undefined,
          );
          expect(errors).toEqual(expected);
        }
        const failedIo = eventsOf(stream, 'io.finished').filter(({ errorType }) => errorType !== undefined);
        expect(recorder.sum('kv_cache.io.errors')).toBe(failedIo.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('counts for what a transfer really moved, so that bytes over seconds stays a mean rate', () => {
    fc.assert(
      fc.property(streams, (stream) => {
        const recorder = recordingOf(stream);
        const transfers = eventsOf(stream, 'transfer.finished');
        expect(recorder.sum('kv_cache.transfer.io')).toBe(total(transfers.map(({ bytes }) => bytes)));
        const seconds = total(transfers.map(({ startTime, time }) => time - startTime)) / 1000;
        expect(recorder.sum('kv_cache.transfer.duration')).toBeCloseTo(seconds, 6);
      }),
      { numRuns: 1000 },
    );
  });
});
