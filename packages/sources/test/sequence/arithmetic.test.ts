import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setup } from './setup.ts';

const LENGTH = 12;

describe('counters follow from what arrived', () => {
  it('without replay, for every subset of a stream', () => {
    for (let mask = 1; mask < 1 << LENGTH; mask++) {
      const arrived = Array.from({ length: LENGTH }, (_, i) => i).filter((i) => (mask & (1 << i)) !== 0);
      const { live, did, counts } = setup({ replay: false });
      live(...arrived);
      const last = arrived.at(-1) as number;
      expect(counts).toEqual({
        lastSequence: last,
        missed: last + 1 - arrived.length,
        replayed: 0,
        duplicates: 0,
        restarts: 0,
      });
      expect(did().filter((step) => step !== 'reset')).toEqual(arrived.map((i) => `live ${i}`));
    }
  });

  it('without replay, for each batch delivered any number of times in a row', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 40 }), (times) => {
        const { live, counts } = setup({ replay: false });
        times.forEach((count, sequence) => {
          live(...new Array<number>(count).fill(sequence));
        });
        const arrived = times.filter((count) => count > 0).length;
        const total = times.reduce((sum, count) => sum + count, 0);
        const last = times.findLastIndex((count) => count > 0);
        expect(counts.duplicates).toBe(total - arrived);
        expect(counts.missed).toBe(last + 1 - arrived);
      }),
    );
  });

  it('with a replay that answers at once from a buffer, whatever was dropped, doubled or late', () => {
    const stream = fc.record({
      /** For each batch: lost, delivered, delivered twice, or swapped with the next. */
      fates: fc.array(fc.constantFrom('lost', 'once', 'once', 'twice', 'swapped'), {
        minLength: 1,
        maxLength: 60,
      }),
      buffer: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(stream, ({ fates, buffer }) => {
        const { tracker, live, replay, did, counts } = setup();
        const applied: number[] = [];
        let arrivals = 0;
        const settle = (published: number): void => {
          for (const step of did()) {
            const [word, number] = step.split(' ');
            if (word === 'live' || word === 'replayed') applied.push(Number(number));
            if (word !== 'request') continue;
            const request = Number(number);
            const from = Math.max(Number(step.split(' ')[3]), published - buffer);
            for (let i = from; i < published; i++) replay(request, i);
            tracker.replayEnded(request, 0);
            settle(published);
          }
        };
        const deliver = (sequence: number, published: number): void => {
          arrivals++;
          live(sequence);
          settle(published);
        };
        for (let i = 0; i < fates.length; i++) {
          const fate = fates[i];
          if (fate === 'swapped' && i + 1 < fates.length) {
            deliver(i + 1, i + 2);
            deliver(i, i + 2);
            i++;
          } else if (fate !== 'lost') {
            deliver(i, i + 1);
            if (fate === 'twice') deliver(i, i + 1);
          }
        }
        // In order, each once; what was not applied below the last is exactly what was missed.
        expect(applied).toEqual([...new Set(applied)].sort((a, b) => a - b));
        const last = applied.at(-1) ?? -1;
        expect(counts.missed).toBe(last + 1 - applied.length);
        expect(counts.restarts).toBe(0);
        // Every arrival was applied or dropped, and every applied batch was an arrival or a replay.
        expect(counts.duplicates).toBe(arrivals - (applied.length - counts.replayed));
        expect([tracker.replaying, tracker.held]).toEqual([false, 0]);
      }),
      { numRuns: 500 },
    );
  });
});
