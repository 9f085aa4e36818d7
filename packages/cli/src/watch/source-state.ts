import type { SourceState, WatchedSource } from './watched-source.js';

/** Follows which sources have an end and came to it. */
export class SourceStates {
  readonly #ended = new Set<WatchedSource>();

  follow(source: WatchedSource): void {
    source.ended?.then(
      () => void this.#ended.add(source),
      () => undefined,
    );
  }

  /** A source is connected when each of its publishers is; one without any waits for the first. */
  of(source: WatchedSource): SourceState {
    if (this.#ended.has(source)) return 'ended';
    const publishers = [...source.monitor.publishers];
    const connected = publishers.length > 0 && publishers.every((publisher) => publisher.connected);
    return connected ? 'connected' : 'waiting';
  }
}
