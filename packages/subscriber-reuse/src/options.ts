import {
  integerOption,
  numberOption,
  requireFields,
  requireThat,
  type Source,
  type Tier,
} from '@kvscope/core';

/** A hit ratio whose error is above this is not to be trusted: the sample was too small. */
export const TRUSTED_ERROR = 0.02;

/** The curve of one tier at a capacity that its source told. */
export interface ReuseCurve {
  readonly source: Source;
  readonly tier: Tier;
  /** What the tier holds at most. {block} */
  readonly capacity: number;
  readonly points: readonly ReusePoint[];
  /** References so far. {block} */
  readonly references: number;
  /** Blocks in the sample now. {block} */
  readonly sampledBlocks: number;
  /** Share of blocks sampled now: the configured rate, or less where that had been too many blocks. */
  readonly rate: number;
}

/** What an LRU of another capacity would have done. */
export interface ReusePoint {
  /** Its capacity as a multiple of the tier's. */
  readonly scale: number;
  /** {block} */
  readonly capacity: number;
  /** Share of the references that it would have held, 0 to 1. */
  readonly hitRatio: number;
  /** Half the width of the interval that the exact hit ratio is in with a probability of about 99 %, 0 to 1. */
  readonly error: number;
}

export interface ReuseOptions {
  /** Share of blocks sampled, above 0 and at most 1. Default: the sample rate that all subscribers share. */
  readonly sampleRate?: number;
  /**
   * Blocks followed at once, in each tier of each source: 64 to 4,194,304. Above it the rate is lowered. Default: 8192.
   */
  readonly maxBlocks?: number;
  /**
   * Seconds of event time after which a reference counts half: 1 up to `Infinity`, where all count the same.
   * Default: 3600.
   */
  readonly halfLife?: number;
  /** Called with each curve when metrics are collected. Default: nobody is. */
  readonly onCurve?: (curve: ReuseCurve) => void;
}

/** Options with every default in place. */
export interface ReuseSettings {
  readonly sampleRate: number | undefined;
  readonly maxBlocks: number;
  readonly halfLifeMs: number;
  readonly onCurve: (curve: ReuseCurve) => void;
}

const DEFAULT_MAX_BLOCKS = 8192;
const DEFAULT_HALF_LIFE_S = 3600;

/** @throws RangeError when an option is outside its range */
export function reuseSettings(options: ReuseOptions = {}): ReuseSettings {
  requireFields('reuse', options, ['sampleRate', 'maxBlocks', 'halfLife', 'onCurve']);
  const { sampleRate, onCurve = () => undefined } = options;
  requireThat(
    sampleRate === undefined || (typeof sampleRate === 'number' && sampleRate > 0 && sampleRate <= 1),
    'reuse.sampleRate',
    sampleRate,
    'above 0 and at most 1',
  );
  requireThat(typeof onCurve === 'function', 'reuse.onCurve', onCurve, 'a function');
  return {
    sampleRate,
    maxBlocks: integerOption('reuse.maxBlocks', options.maxBlocks, DEFAULT_MAX_BLOCKS, 64, 2 ** 22),
    halfLifeMs:
      numberOption('reuse.halfLife', options.halfLife, DEFAULT_HALF_LIFE_S, 1, Number.POSITIVE_INFINITY) *
      1000,
    onCurve,
  };
}
