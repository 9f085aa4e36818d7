import type { BlockBudget, SourceMonitor } from '@kvscope/sources';

/** A source that is being listened to, whatever it is. */
export interface WatchedSource {
  readonly name: string;
  /** Where it listens, as a person reads it. */
  readonly places: readonly string[];
  /** Its publishers. */
  readonly monitor: SourceMonitor;
  /** Settles when everything was read, for sources that have an end; fails when they cannot be read. */
  readonly ended?: Promise<void>;
  /** Takes what has arrived and lets nothing in any more. What it counted can still be collected. */
  stop(): Promise<void>;
  close(): void;
}

/** What the sources of a process share. */
export interface WatchEnvironment {
  readonly budget: BlockBudget;
}

export type SourceState = 'waiting' | 'connected' | 'ended';
