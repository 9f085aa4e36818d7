import { TIERS } from '@kvscope/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Publication } from '../contract/arbitrary-events.ts';
import { eventsOf, recordingOf, SOURCE, sound, total, where } from './setup.ts';

/** A request for some blocks, and how many of those that reach a tier it holds, in per mille. */
const request = fc.record({ blocks: fc.nat(200), held: fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000)) });

/** Descends the tiers until nothing is missing: one event per tier asked. */
function lookups({ blocks, held }: { blocks: number; held: readonly number[] }): Publication[] {
  const events: Publication[] = [];
  let asked = blocks;
  for (const [i, tier] of TIERS.entries()) {
    if (asked === 0) break;
    const hits = Math.floor((asked * (held[i] as number)) / 1000);
    events.push(['lookup.finished', { source: SOURCE, time: i, startTime: i, tier, blocks: asked, hits }]);
    asked -= hits;
  }
  return events;
}

const blocks = (recorder: ReturnType<typeof recordingOf>, tier: string, result: string) =>
  recorder.sum('kv_cache.lookup.blocks', where({ tier, 'lookup.result': result }));

it('hits over tiers plus the misses of the last are the blocks asked for, in whatever order events arrive', () => {
  const shuffled = fc
    .array(request, { maxLength: 30 })
    .chain((requests) =>
      fc.tuple(
        fc.constant(total(requests.map(({ blocks }) => blocks))),
        fc.shuffledSubarray(requests.flatMap(lookups), { minLength: requests.flatMap(lookups).length }),
      ),
    );
  fc.assert(
    fc.property(shuffled, fc.array(sound, { maxLength: 20 }), ([asked, events], others) => {
      const noise = others.filter(([type]) => type !== 'lookup.finished');
      const recorder = recordingOf([...noise, ...events]);
      const hits = total(TIERS.map((tier) => blocks(recorder, tier, 'hit')));
      // A tier's misses are asked of the next, so that only those of the last are missing for good.
      expect(hits + blocks(recorder, 'l2', 'miss')).toBe(asked);
      for (const [upper, lower] of [
        ['l0', 'l1'],
        ['l1', 'l2'],
      ] as const) {
        expect(blocks(recorder, lower, 'hit') + blocks(recorder, lower, 'miss')).toBe(
          blocks(recorder, upper, 'miss'),
        );
      }
    }),
    { numRuns: 1000 },
  );
});

it('hits and misses of a tier are the blocks it was asked for, whatever got lost or came twice', () => {
  fc.assert(
    fc.property(fc.array(sound, { maxLength: 80 }), (stream) => {
      const recorder = recordingOf(stream);
      for (const tier of TIERS) {
        const asked = eventsOf(stream, 'lookup.finished').filter((event) => event.tier === tier);
        expect(blocks(recorder, tier, 'hit') + blocks(recorder, tier, 'miss')).toBe(
          total(asked.map((event) => event.blocks)),
        );
        expect(recorder.values('kv_cache.lookup.duration', where({ tier }))).toHaveLength(asked.length);
      }
    }),
    { numRuns: 1000 },
  );
});
