import { bucketOf, Distances, EXACT_BELOW, RESOLUTION } from './distances.js';

const GROUPS = 16;
/** Their spread needs no fine buckets: eight are one. */
const GROUP_SHIFT = 3;
/** Half the width of a 99 % interval in standard errors: normal, and Student's t with 15 degrees of freedom. */
const NORMAL_99 = 2.576;
const STUDENT_99 = 2.947;
/** With fewer references in the sample their spread tells nothing. */
const LEAST_REFERENCES = 100;

// Places among the weights.
const OF_HOT = 0;
const OF_SAMPLED = 1;
const SCALE = 2;

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
  readonly #hot = new Distances();
  readonly #sampled = new Distances();
  /** The sampled ones once more, by a hash of their key: how much these differ tells the error of their mean. */
  readonly #groups = Array.from({ length: GROUPS }, () => new Distances(GROUP_SHIFT));
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

  /** A reference of a hot key. @param distance sampled blocks above it */
  addHot(distance: number): void {
    const weights = this.#weights;
    this.#hot.add(bucketAt(distance, weights[SCALE] as number), weights[OF_HOT] as number);
  }

  /**
   * A reference of a sampled key.
   * @param distance sampled blocks above it
   * @param group a whole number that depends on the key alone
   */
  addSampled(distance: number, group: number): void {
    this.#sampledReferences++;
    const weights = this.#weights;
    const bucket = bucketAt(distance, weights[SCALE] as number);
    const weight = weights[OF_SAMPLED] as number;
    const ofGroup = this.#groups[group & (GROUPS - 1)] as Distances;
    this.#sampled.add(bucket, weight);
    ofGroup.add(bucket, weight);
  }

  /** Multiplies every weight. */
  scale(factor: number): void {
    this.#total *= factor;
    for (const distances of [this.#hot, this.#sampled, ...this.#groups]) distances.scale(factor);
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
