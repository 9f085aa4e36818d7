import { PublisherStatistics } from './publisher-statistics.js';

/** Publishers that one monitor shows: each has a series in every metric. */
export const MAX_PUBLISHERS = 128;

/** All publishers that a process listens to, for whoever shows how their streams arrive. */
export class SourceMonitor {
  readonly #publishers = new Set<PublisherStatistics>();

  /** In the order in which they were first heard of. */
  get publishers(): ReadonlySet<PublisherStatistics> {
    return this.#publishers;
  }

  /** Statistics of a publisher; of one too many, statistics that count and are shown to nobody. */
  publisher(name: string, rank: number): PublisherStatistics {
    const made = new PublisherStatistics(name, rank);
    if (this.#publishers.size < MAX_PUBLISHERS) this.#publishers.add(made);
    return made;
  }

  /** It is listened to no more. */
  remove(publisher: PublisherStatistics): void {
    this.#publishers.delete(publisher);
  }
}
