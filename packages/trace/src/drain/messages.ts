import type { MetricTotals } from '../state.js';

/** Name of the channel on which the threads of a process find their drain. The number is its version. */
export const DRAIN_CHANNEL = 'kvscope.trace.1';

/** What a drain is started with. */
export interface DrainData {
  readonly control: SharedArrayBuffer;
  readonly ring: SharedArrayBuffer;
  readonly directory: string;
  /** What viewers see of the process. */
  readonly title: string;
}

/** Totals of a window by its metrics, or why there are none. */
export type TotalsMessage = { readonly kind: 'totals'; readonly id: number } & (
  | { readonly values: MetricTotals }
  | { readonly missing: string }
);

/** From a producer to any drain of its process. `id` is that of its ring. */
export type ProducerMessage =
  | { readonly kind: 'ring'; readonly id: number; readonly ring: SharedArrayBuffer }
  | { readonly kind: 'end'; readonly id: number }
  | TotalsMessage;

/** From a drain to the producer whose ring it has taken over. */
export interface AdoptedMessage {
  readonly kind: 'adopted';
  readonly id: number;
  readonly control: SharedArrayBuffer;
}

/** From the thread that started it to a drain. */
export type OwnerMessage = TotalsMessage | { readonly kind: 'close' };

/** From a drain to the thread that started it. */
export type DrainMessage =
  | { readonly kind: 'listening'; readonly socket: string }
  /** A line of explanation for the log. */
  | { readonly kind: 'note'; readonly line: string };
