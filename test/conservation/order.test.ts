import type { EventName } from '@kvscope/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Publication } from '../contract/arbitrary-events.ts';
import { recordingOf, SOURCE, sound } from './setup.ts';

/** Events that bring all they are about: no other event changes what is recorded of them. */
const SELF_CONTAINED: ReadonlySet<EventName> = new Set<EventName>([
  'block.stored',
  'block.accessed',
  'block.evicted',
  'lookup.finished',
  'transfer.finished',
  'task.finished',
  'shard.waited',
  'io.finished',
  'io.task.finished',
]);

/** Measurements as text, in an order that does not depend on that of the events. */
function recorded(stream: readonly Publication[]): readonly string[] {
  return recordingOf(stream)
    .measurements.map(({ name, value, attributes }) => JSON.stringify([name, value, attributes]))
    .sort();
}

it('what events bring themselves is recorded the same in whatever order they arrive', () => {
  const reordered = fc
    .array(sound, { maxLength: 60 })
    .map((stream) => stream.filter(([type]) => SELF_CONTAINED.has(type)))
    .chain((stream) =>
      fc.tuple(fc.constant(stream), fc.shuffledSubarray(stream, { minLength: stream.length })),
    );
  fc.assert(
    fc.property(reordered, ([stream, shuffled]) => {
      expect(recorded(shuffled)).toEqual(recorded(stream));
    }),
    { numRuns: 1000 },
  );
});

/** The chunks of some requests, each with a start, a length and a size; the last one says so. */
const requests = fc.array(
  fc.array(fc.record({ start: fc.nat(1000), ms: fc.nat(300), bytes: fc.nat(1e6) }), {
    minLength: 1,
    maxLength: 6,
  }),
  { minLength: 1, maxLength: 6 },
);

it('the chunks of requests may arrive in any order, and twice', () => {
  const sent = requests.chain((all) => {
    const chunks = all.flatMap((chunks, request) =>
      chunks.map(
        ({ start, ms, bytes }, index): Publication => [
          'request.chunk',
          {
            source: SOURCE,
            requestId: `r${request}`,
            sessionId: 's',
            index,
            last: index === chunks.length - 1,
            startTime: start,
            time: start + ms,
            bytes,
          },
        ],
      ),
    );
    return fc.tuple(
      fc.constant(chunks),
      fc.shuffledSubarray(chunks, { minLength: chunks.length }),
      fc.subarray(chunks),
    );
  });
  fc.assert(
    fc.property(sent, ([chunks, shuffled, again]) => {
      expect(recorded([...shuffled, ...again])).toEqual(recorded(chunks));
    }),
    { numRuns: 1000 },
  );
});
