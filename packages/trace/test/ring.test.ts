import { describe, expect, it } from 'vitest';
import { RECORD_BYTES } from '../src/record.ts';
import { TraceControl } from '../src/ring/control.ts';
import { createRing, INT } from '../src/ring/layout.ts';
import { RingReader } from '../src/ring/ring-reader.ts';
import { RingWriter } from '../src/ring/ring-writer.ts';

const RECORDS = 1024;

function setup(firstSequence = 0) {
  const ring = createRing(RECORDS, 3, firstSequence);
  const control = new TraceControl();
  const writer = new RingWriter(ring, control);
  const reader = new RingReader(ring);
  const seen: number[] = [];
  return {
    ring,
    control,
    reader,
    seen,
    /** Writes numbered records. @returns how many found a place */
    write(count: number, from = 0): number {
      let written = 0;
      for (let i = 0; i < count; i++) {
        const place = writer.claim();
        if (place < 0) continue;
        writer.views.f64[(place * RECORD_BYTES) / 8] = from + i;
        writer.publish();
        written++;
      }
      return written;
    },
    take: () =>
      reader.take(({ views, first, count }) => {
        for (let place = first; place < first + count; place++) {
          seen.push(views.f64[(place * RECORD_BYTES) / 8] as number);
        }
      }),
  };
}

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

describe('a ring', () => {
  it('hands over what was written, in order, also around its end', () => {
    const { write, take, seen } = setup();
    write(1000);
    take();
    write(1000, 1000);
    expect(take()).toBe(1000);
    expect(seen).toEqual(numbers(2000));
  });

  it('drops the newest record when it is full, and counts it', () => {
    const { write, take, seen, reader } = setup();
    expect(write(RECORDS + 7)).toBe(RECORDS);
    take();
    expect(seen).toEqual(numbers(RECORDS));
    expect(reader.totals()).toEqual({
      emitted: RECORDS + 7,
      delivered: RECORDS,
      dropped: 7,
      skipped: 0,
      waiting: 0,
    });
  });

  it('holds no more after it was full than before', () => {
    const { write, take } = setup();
    write(RECORDS + 1);
    take();
    expect(write(RECORDS + 1)).toBe(RECORDS);
  });

  // 2^31 is where the sign of the head changes, 2^32 where it is 0 again.
  it.each([2 ** 31, 2 ** 32])('goes on where its sequence passes %i', (edge) => {
    const { write, take, seen, reader, ring } = setup((edge - 1500) | 0);
    for (let i = 0; i < 5; i++) {
      write(1000, i * 1000);
      take();
    }
    expect(write(RECORDS + 5, 5000)).toBe(RECORDS);
    take();
    expect(seen).toEqual(numbers(5000 + RECORDS));
    expect(reader.totals()).toMatchObject({
      emitted: 5000 + RECORDS + 5,
      delivered: 5000 + RECORDS,
      dropped: 5,
    });
    expect((ring.ints[INT.head] as number) >>> 0).toBe((edge - 1500 + 5000 + RECORDS) % 2 ** 32);
  });

  it('counts drops on where their counter wraps', () => {
    const { write, take, reader, ring } = setup();
    ring.ints[INT.dropped] = -3;
    ring.ints[INT.droppedSeen] = -3;
    write(RECORDS + 7);
    take();
    expect(reader.totals()).toMatchObject({ dropped: 7, emitted: RECORDS + 7 });
  });

  it('has one consumer at a time, until it is given up', () => {
    const { ring, reader } = setup();
    const other = new RingReader(ring);
    expect([reader.own(1), other.own(2), reader.own(1)]).toEqual([true, false, true]);
    Atomics.store(ring.ints, INT.owner, 0);
    expect([other.own(2), reader.ownedBy(1)]).toEqual([true, false]);
  });
});

describe('sampling', () => {
  it('leaves events out at random before they are emitted, and counts them', () => {
    const { write, take, reader, control } = setup();
    control.shift = 3;
    const events = 8000;
    const written = write(events);
    take();
    // One of 8: a binomial of mean 1000 and standard deviation sqrt(8000 / 8 * 7 / 8) = 29.6; within five of those.
    expect(Math.abs(written - events / 8)).toBeLessThan(5 * 29.6);
    expect(reader.totals()).toMatchObject({
      emitted: written,
      delivered: written,
      skipped: events - written,
    });
  });
});
