import type { Clock } from '@kvscope/core';
import type { EngineIngest } from '../ingest/engine-ingest.js';
import type { PublisherStatistics } from '../monitor/publisher-statistics.js';
import { readSequence } from '../sequence/sequence-frames.js';
import { type SequenceOptions, SequenceTracker } from '../sequence/sequence-tracker.js';
import type { BatchQueue } from './batch-queue.js';
import type { ReplayClient } from './replay-client.js';

const FRAMES = 3;

/** One publisher's stream from its frames to the bus. */
export class PublisherStream {
  readonly statistics: PublisherStatistics;
  /** When its last message came. Epoch ms */
  heardTime: number;
  readonly #ingest: EngineIngest;
  readonly #tracker: SequenceTracker;
  readonly #queue: BatchQueue;
  readonly #clock: Clock;
  readonly #replay: ReplayClient | undefined;

  /** @throws RangeError when a sequence option is outside its range */
  constructor(
    ingest: EngineIngest,
    queue: BatchQueue,
    clock: Clock,
    replay: ReplayClient | undefined,
    sequence: Omit<SequenceOptions, 'replay'>,
  ) {
    this.statistics = ingest.statistics;
    this.#ingest = ingest;
    this.#queue = queue;
    this.#clock = clock;
    this.heardTime = clock.now();
    this.#replay = replay;
    this.#tracker = new SequenceTracker(
      { ...sequence, replay: replay !== undefined },
      {
        apply: (payload) => ingest.apply(payload, clock.now()),
        reset: () => ingest.reset(clock.now()),
        requestReplay: (from, request) => this.#request(from, request),
        abandonReplay: () => replay?.close(),
        timeOf: (payload) => ingest.timeOf(payload),
      },
      ingest.statistics,
    );
  }

  /** Blocks that each tier holds, by the stream's account. {block} */
  held(): readonly number[] {
    return this.#ingest.held();
  }

  /** Takes the frames of a message: topic, number, payload. */
  receive(frames: readonly Uint8Array[]): void {
    const { statistics } = this;
    this.heardTime = this.#clock.now();
    const [, number, payload] = frames;
    const sequence = number === undefined ? undefined : readSequence(number);
    if (frames.length !== FRAMES || payload === undefined || typeof sequence !== 'number') {
      statistics.error('frames');
      return;
    }
    statistics.bytes += payload.length;
    this.#queue.add({
      payload,
      take: () => this.#tracker.live(sequence, payload, this.#clock.now()),
      dropped: () => {
        statistics.dropped++;
      },
    });
  }

  /** Lets time pass. */
  tick(): void {
    this.#tracker.tick(this.#clock.now());
  }

  /** Nothing more is waited for: applies what is held. */
  end(): void {
    this.#tracker.end();
  }

  /** The publisher is gone for good: what it held is forgotten. */
  forget(): void {
    this.#ingest.reset(this.#clock.now());
    this.close();
  }

  close(): void {
    this.#replay?.close();
    this.#ingest.close();
  }

  #request(from: number, request: number): void {
    this.#replay?.request(from, {
      batch: (sequence, payload) => {
        this.statistics.bytes += payload.length;
        this.#tracker.replayed(request, sequence, payload, this.#clock.now());
      },
      ended: () => this.#tracker.replayEnded(request, this.#clock.now()),
      failed: () => this.#tracker.replayFailed(request),
    });
  }
}
