import { bucketOf, bucketsAt, Distances, EXACT_BELOW, RESOLUTION } from './distances.js';
import { type Followed, UNKNOWN } from './followed.js';

const GROUPS = 16;
/** Their spread needs no fine buckets: eight are one. */
const GROUP_SHIFT = 3;
/** Half the width of a 99 % interval in standard errors: normal, and Student's t with 15 degrees of freedom. */
const NORMAL_99 = 2.576;
const STUDENT_99 = 2.947;
/** With fewer references in the sample their spread tells nothing. */
const LEAST_REFERENCES = 100;

// Places among the weights, and among the strata.
const OF_SAMPLED = 0;
const OF_HOT = 1;
const SCALE = 2;

// Places among the counts: two strata, then the groups, and one more that nobody reads, for what is in none.
const STRATUM = bucketsAt(0);
const GROUP = bucketsAt(GROUP_SHIFT);
const FIRST_GROUP = 2 * STRATUM;

export interface Estimate {
  /** 0 to 1. */
  readonly hitRatio: number;
  /** Half the width of its 99 % interval, 0 to 1. */
  readonly error: number;
}

/**
 * The hit ratio at any capacity, from weighted reuse distances in two strata. Hot keys' references are all counted;
 * what is left of the total has the hit ratio of the sampled keys that are not hot:
 *
 *   hit ratio(c) = (hot(c) + (total - hot) * sampled(c) / sampled) / total
 */
export class Estimator {
  readonly #counts = new Float64Array(FIRST_GROUP + (GROUPS + 1) * GROUP);
  readonly #sampled = new Distances(this.#counts.subarray(0, STRATUM));
  readonly #hot = new Distances(this.#counts.subarray(STRATUM, FIRST_GROUP));
  /** The sampled ones once more, by a hash of their key: how much these differ tells the error of their mean. */
  readonly #groups = Array.from(
    { length: GROUPS },
    (_, i) => new Distances(this.#counts.subarray(FIRST_GROUP + i * GROUP), GROUP_SHIFT),
  );
  // Kept here, since a fraction that is handed to a function, or kept in a field, is an object for each call.
  readonly #weights = new Float64Array(3).fill(1);
  #total = 0;
  #sampledReferences = 0;

  /**
   * What references count from now on.
   * @param scale references, and blocks of a distance, that a sampled one stands for
   */
  weigh(weight: number, scale: number): void {
    this.#weights[OF_HOT] = weight;
    this.#weights[OF_SAMPLED] = weight * scale;
    this.#weights[SCALE] = scale;
  }

  /** Counts references, whether anything is known of them or not. */
  refer(references: number): void {
    this.#total += references * (this.#weights[OF_HOT] as number);
  }

  /**
   * References of hot and of sampled keys, of which something is known. Which of the two a key is nobody can guess: both
   * are counted in the same way, at other places.
   */
  add({ distances, asHot, hashes }: Followed, from: number, end: number): void {
    const counts = this.#counts;
    const weights = this.#weights;
    const scale = weights[SCALE] as number;
    let sampled = 0;
    for (let at = from; at < end; at++) {
      const distance = distances[at] as number;
      if (distance === UNKNOWN) continue;
      const stratum = asHot[at] as number;
      const weight = weights[stratum] as number;
      const bucket = bucketAt(distance, scale);
      const ofStratum = stratum * STRATUM + bucket;
      counts[ofStratum] = (counts[ofStratum] as number) + weight;
      const group = ((hashes[at] as number) & (GROUPS - 1) & (stratum - 1)) + GROUPS * stratum;
      const ofGroup = FIRST_GROUP + GROUP * group + (bucket >>> GROUP_SHIFT);
      counts[ofGroup] = (counts[ofGroup] as number) + weight;
      sampled += 1 - stratum;
    }
    this.#sampledReferences += sampled;
  }

  /** Multiplies every weight. */
  scale(factor: number): void {
    this.#total *= factor;
    for (let at = 0; at < this.#counts.length; at++) this.#counts[at] = (this.#counts[at] as number) * factor;
  }

  /**
   * What an LRU of `capacity` blocks would have held of the references so far, of which there are some.
   * @param rate share of keys sampled
   */
  estimate(capacity: number, rate: number): Estimate {
    return { hitRatio: this.#hitRatio(capacity), error: this.#error(capacity, rate) };
  }

  #hitRatio(capacity: number): number {
    const { total: sampled } = this.#sampled;
    const hot = this.#hot.total;
    const rest = sampled === 0 ? 0 : this.#sampled.below(capacity) / sampled;
    return (this.#hot.below(capacity) + Math.max(0, this.#total - hot) * rest) / this.#total;
  }

  /**
   * Two errors, as if independent: that of the mean, from how much groups of keys differ, and that of the distances,
   * which the number of sampled blocks above a block tells to a relative sqrt((1 - rate) / (rate * capacity)), times
   * how steep the curve is. The second one makes the difference where a loop just fits, or does not.
   */
  #error(capacity: number, rate: number): number {
    if (rate < 1 && this.#sampledReferences < LEAST_REFERENCES) return 1;
    const relative =
      NORMAL_99 * Math.sqrt((1 - rate) / (rate * capacity)) + (capacity < EXACT_BELOW ? 0 : RESOLUTION);
    const at = this.#hitRatio(capacity);
    const above = this.#hitRatio(capacity * (1 + relative)) - at;
    const below = at - this.#hitRatio(capacity * Math.max(0, 1 - relative));
    const ofMean = STUDENT_99 * this.#standardError(capacity) * Math.sqrt(1 - rate);
    return Math.min(1, Math.hypot(Math.max(above, below), ofMean));
  }

  /** Of the sampled keys' share of the hit ratio: the linearised variance of a ratio over random groups. */
  #standardError(capacity: number): number {
    const hits = this.#groups.map((group) => group.below(capacity));
    const all = this.#sampled.total;
    if (all === 0) return 0;
    const ratio = hits.reduce((sum, hit) => sum + hit, 0) / all;
    const squares = this.#groups.reduce(
      (sum, { total }, i) => sum + ((hits[i] as number) - ratio * total) ** 2,
      0,
    );
    const share = Math.max(0, this.#total - this.#hot.total) / this.#total;
    return (share * Math.sqrt((squares * GROUPS) / (GROUPS - 1))) / all;
  }
}

/** Seen from the middle of the unsampled blocks around; at rate 1 between the distances that hit and that miss. */
function bucketAt(distance: number, scale: number): number {
  return bucketOf((distance + 0.5) * scale);
}
