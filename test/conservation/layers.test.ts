import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Publication } from '../contract/arbitrary-events.ts';
import { eventsOf, recordingOf, SOURCE, sound, total, where } from './setup.ts';

/** A layer: how long its load and the wait for it took, and how long compute went on after it. In ms. */
const layer = fc.record({ loadMs: fc.nat(50), waitedMs: fc.nat(50), computeMs: fc.nat(50) });
const batches = fc.array(fc.array(layer, { maxLength: 8 }), { minLength: 1, maxLength: 6 });

type Layers = readonly { readonly loadMs: number; readonly waitedMs: number; readonly computeMs: number }[];

/** The events of one batch, one layer after the other. */
function run(batch: number, layers: Layers): Publication[] {
  let now = 0;
  const events = layers.flatMap(({ loadMs, waitedMs, computeMs }, index): Publication[] => {
    const about = { source: SOURCE, batch, layer: index, first: index === 0 };
    const loaded = { ...about, startTime: now, time: now + loadMs };
    const waited = { ...about, operation: 'load', tasks: 1, startTime: now, time: now + waitedMs } as const;
    now += waitedMs + computeMs;
    return [
      ['layer.loaded', loaded],
      ['layer.waited', waited],
    ];
  });
  return [...events, ['batch.finished', { source: SOURCE, batch, time: now + 1000 }]];
}

/** Deals the events of several batches into one stream, each batch in its order. */
const interleaved = batches.chain((all) => {
  const queues = all.map((layers, batch) => run(batch, layers));
  const length = total(queues.map((queue) => queue.length));
  return fc.array(fc.nat(1000), { minLength: length, maxLength: length }).map((picks) => {
    const rest = queues.map((queue) => [...queue]);
    return {
      all,
      stream: picks.map((pick) => {
        const open = rest.filter((queue) => queue.length > 0);
        return (open[pick % open.length] as Publication[]).shift() as Publication;
      }),
    };
  });
});

it('N waits of a batch give N - 1 intervals, which are the compute between them, with batches side by side', () => {
  fc.assert(
    fc.property(interleaved, ({ all, stream }) => {
      const recorder = recordingOf(stream);
      const between = all.flatMap((layers) => layers.slice(0, -1).map(({ computeMs }) => computeMs));
      const intervals = recorder.values('kv_cache.layer.interval.duration');
      expect(intervals).toHaveLength(between.length);
      expect(total(intervals)).toBeCloseTo(total(between) / 1000, 9);
      expect(recorder.sum('kv_cache.layer.stalls')).toBe(
        all.flat().filter(({ waitedMs }) => waitedMs > 1).length,
      );
    }),
    { numRuns: 1000 },
  );
});

it('the overlap of each batch is the share of its load time that was not waited for', () => {
  fc.assert(
    fc.property(interleaved, ({ all, stream }) => {
      const expected = all
        .map((layers) => ({
          loaded: total(layers.map(({ loadMs }) => loadMs)),
          waited: total(layers.map(({ waitedMs }) => waitedMs)),
        }))
        .filter(({ loaded }) => loaded > 0)
        .map(({ loaded, waited }) => Math.max(0, 1 - waited / loaded));
      const recorded = recordingOf(stream).values('kv_cache.layer.overlap');
      expect(recorded.toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: 1000 },
  );
});

it('layer by layer everything is recorded, whatever is lost, doubled or out of order around it', () => {
  fc.assert(
    fc.property(fc.array(sound, { maxLength: 80 }), (stream) => {
      const recorder = recordingOf(stream);
      const waits = eventsOf(stream, 'layer.waited');
      for (const operation of ['load', 'save'] as const) {
        for (const position of ['first', 'rest'] as const) {
          const matching = waits.filter(
            (wait) => wait.operation === operation && wait.first === (position === 'first'),
          );
          const attributes = where({ 'operation.name': operation, 'layer.position': position });
          expect(recorder.values('kv_cache.layer.wait.duration', attributes)).toEqual(
            matching.map(({ startTime, time }) => (time - startTime) / 1000),
          );
        }
      }
      expect(recorder.values('kv_cache.layer.load.duration')).toHaveLength(
        eventsOf(stream, 'layer.loaded').length,
      );
      for (const share of recorder.values('kv_cache.layer.overlap')) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      expect(Math.min(0, ...recorder.values('kv_cache.layer.interval.duration'))).toBe(0);
    }),
    { numRuns: 1000 },
  );
});
