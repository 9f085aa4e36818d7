/** A histogram with explicit boundaries, as OpenTelemetry's data model has it. */
export interface ExplicitValue {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly buckets: { readonly boundaries: number[]; readonly counts: number[] };
}

/** A base-2 exponential histogram, as OpenTelemetry's data model has it. */
export interface ExponentialValue {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly zeroCount: number;
  /** Bucket i holds what is above `2 ** (i / 2 ** scale)` and at most `2 ** ((i + 1) / 2 ** scale)`. */
  readonly scale: number;
  readonly positive: { readonly offset: number; readonly bucketCounts: number[] };
  readonly negative: { readonly offset: number; readonly bucketCounts: number[] };
}

/** What one point of a metric says. */
export type PointValue = number | ExplicitValue | ExponentialValue;

/** What one series has gathered since it was cleared. */
export interface Cells {
  /** Whether nothing was recorded; a counter that grew by 0 is not empty. */
  readonly empty: boolean;
  /** Takes in what other cells of the same metric have gathered. */
  take(other: this): void;
  clear(): void;
  /**
   * Takes in what was read from other cells, in another thread say.
   * @throws RangeError when it is not of this kind
   */
  merge(value: PointValue): void;
  value(): PointValue;
}

/** Told of a value that cannot be recorded and was left out. */
export type RefuseValue = (value: number) => void;
