import { type SequenceOptions, SequenceTracker } from '../../src/sequence/sequence-tracker.ts';

/** A batch whose payload says when it was made and by which start of the publisher. */
export function batch(time: number, start = 0): Uint8Array {
  return Buffer.from(JSON.stringify({ time, start }));
}

/** A tracker whose doings are written down. */
export function setup(options: Partial<SequenceOptions> = {}) {
  const log: string[] = [];
  const counts = {
    lastSequence: undefined as number | undefined,
    missed: 0,
    replayed: 0,
    duplicates: 0,
    restarts: 0,
  };
  const tracker = new SequenceTracker(
    { firstSequence: 0, replay: true, replayTimeoutMs: 100, ...options },
    {
      apply: (_, sequence, replayed) => void log.push(`${replayed ? 'replayed' : 'live'} ${sequence}`),
      reset: () => void log.push('reset'),
      requestReplay: (from, request) => void log.push(`request ${request} from ${from}`),
      abandonReplay: (request) => void log.push(`abandon ${request}`),
      timeOf: (payload) => Number((JSON.parse(Buffer.from(payload).toString()) as { time: number }).time),
    },
    counts,
  );
  return {
    tracker,
    counts,
    /** What happened since the last call. */
    did: () => log.splice(0),
    /** A batch made at its own number as its time. */
    live: (...sequences: number[]) => {
      for (const sequence of sequences) tracker.live(sequence, batch(sequence), sequence);
    },
    replay: (request: number, ...sequences: number[]) => {
      for (const sequence of sequences) tracker.replayed(request, sequence, batch(sequence), 0);
    },
  };
}
