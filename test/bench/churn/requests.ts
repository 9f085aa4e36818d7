import type { Bus, Source } from '@kvscope/core';
import type { Random } from './random.js';

const SLOTS = 64;

interface Sending {
  readonly id: string;
  readonly chunks: number;
  next: number;
  begun: boolean;
}

/** Requests side by side, whose chunks may get lost, come twice or end in an abort. */
export class RequestChurn {
  /** Requests of which at least one chunk was published. */
  begun = 0;
  readonly #bus: Bus;
  readonly #source: Source;
  readonly #random: Random;
  readonly #slots: Sending[];
  #count = 0;

  constructor(bus: Bus, source: Source, random: Random) {
    this.#bus = bus;
    this.#source = source;
    this.#random = random;
    this.#slots = Array.from({ length: SLOTS }, () => this.#begin());
  }

  publish(time: number): void {
    const at = this.#random.below(SLOTS);
    const request = this.#slots[at] as Sending;
    const fate = this.#random.below(100);
    if (fate < 2) {
      this.#bus.publish('request.aborted', { source: this.#source, time, requestId: request.id });
      this.#slots[at] = this.#begin();
      return;
    }
    if (fate >= 4) this.#send(request, request.next, time);
    // One in 25 chunks comes twice, one in 50 never.
    if (fate >= 96) this.#send(request, request.next, time);
    request.next++;
    if (request.next === request.chunks) this.#slots[at] = this.#begin();
  }

  #begin(): Sending {
    return { id: `request-${this.#count++}`, chunks: 1 + this.#random.below(4), next: 0, begun: false };
  }

  #send(request: Sending, step: number, time: number): void {
    if (!request.begun) this.begun++;
    request.begun = true;
    // From the last one back, so that the order of arrival is not that of the indices.
    const index = request.chunks - 1 - step;
    this.#bus.publish('request.chunk', {
      source: this.#source,
      time,
      startTime: time - 5,
      requestId: request.id,
      sessionId: 'churn',
      index,
      last: step === 0,
      bytes: 4096,
    });
  }
}
