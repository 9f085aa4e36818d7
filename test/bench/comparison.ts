import { calmRounds } from './pace.js';

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** What one thing costs, beside a peer measured in turns with it. */
export interface Comparison {
  readonly what: string;
  /** How much more of something there was than at first, such as `10x: live blocks`. */
  readonly scale?: string;
  readonly unit: string;
  readonly ours: Spread;
  readonly peerName: string;
  readonly peer: Spread;
  /** Default: that of ours. */
  readonly peerUnit?: string;
  /** What the peer took where the budget was set, from and to: how much slower or quicker this machine is at the same. */
  readonly peerThen?: readonly [number, number];
  /** At most this, in the unit of the figures. */
  readonly budget?: number;
  /** At most so many times as much as the peer. */
  readonly ratio?: number;
  /** Whether other users of the machine slowed the core down in too many rounds to leave them out. */
  readonly disturbed?: boolean;
}

/** Whether it is within its budget; undefined when it has none. */
export function isMet({ ours, peer, budget, ratio }: Comparison): boolean | undefined {
  if (budget === undefined && ratio === undefined) return undefined;
  return ours.median <= (budget ?? Infinity) && ours.median <= (ratio ?? Infinity) * peer.median;
}

export interface Candidates {
  readonly what: string;
  readonly scale?: string;
  readonly peerName: string;
  readonly budget?: number;
  readonly ratio?: number;
  readonly peerThen?: readonly [number, number];
  /** How many things one call does: figures are nanoseconds for one of them. */
  readonly perCall: number;
  readonly ours: () => void;
  readonly peer: () => void;
  /** What has to be taken off: a loop that does all but the thing itself. */
  readonly empty?: () => void;
}

const ROUNDS = 61;
/** Short, so that rounds fit into what calm there is; and long enough for what the other candidate left in the caches to be gone. */
const ROUND_MS = 5;
const WARM_UP_ROUNDS = 20;
const PATIENCE_MS = 30_000;

/** Runs the candidates in turns, so that a machine whose speed drifts drifts for both. */
export async function compare({ perCall, ours, peer, empty, ...told }: Candidates): Promise<Comparison> {
  // The least of it: what disturbed the empty loop did not make the others quicker.
  let nothing = empty === undefined ? 0 : Number.POSITIVE_INFINITY;
  const round = () => {
    if (empty !== undefined) nothing = Math.min(nothing, nanosecondsOf(empty));
    return { ours: nanosecondsOf(ours), peer: nanosecondsOf(peer) };
  };
  for (let warmUp = 0; warmUp < WARM_UP_ROUNDS; warmUp++) round();
  const { figures, disturbed } = await calmRounds(ROUNDS, PATIENCE_MS, round);
  const of = (whose: 'ours' | 'peer') => spread(figures.map((took) => (took[whose] - nothing) / perCall));
  return { ...told, unit: 'ns', ours: of('ours'), peer: of('peer'), disturbed };
}

/** Time of one call, from as many calls as fill a round. */
function nanosecondsOf(call: () => void): number {
  let calls = 0;
  const start = performance.now();
  let end = start;
  while (end - start < ROUND_MS) {
    call();
    calls++;
    end = performance.now();
  }
  return ((end - start) * 1e6) / calls;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] as number;
  return { median: at(Math.floor(sorted.length / 2)), min: at(0), max: at(sorted.length - 1) };
}
