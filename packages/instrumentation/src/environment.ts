import { createSampler } from '@kvscope/core';
import { diag } from '@opentelemetry/api';
import { FLAG_NAMES, type FlagName } from './built-in.js';
import { AGGREGATIONS, type Aggregation } from './config.js';

const PREFIX = 'OTEL_INSTRUMENTATION_KV_CACHE_';

/** What the environment says; undefined where it says nothing. */
export interface EnvironmentConfig {
  readonly enabled?: boolean;
  readonly sampleRate?: number;
  readonly sampleSeed?: number;
  /** Exactly the subscribers that are on. */
  readonly subscribers?: readonly FlagName[];
  readonly aggregation?: Aggregation;
  /** Whether the trace is on, whatever `subscribers` says. */
  readonly trace?: boolean;
}

/**
 * Reads `OTEL_INSTRUMENTATION_KV_CACHE_{ENABLED,SUBSCRIBERS,SAMPLE_RATE,SAMPLE_SEED,AGGREGATION,TRACE}`. A variable that cannot be
 * used is told through OTel `diag` and left out: a typing error in a deployment must not keep a service from
 * starting.
 */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): EnvironmentConfig {
  const read = <T>(knob: string, parse: (text: string) => T) => {
    const text = env[PREFIX + knob]?.trim();
    if (text === undefined || text === '') return undefined;
    try {
      return parse(text);
    } catch (error) {
      diag.error(`kvscope: ${PREFIX}${knob} is '${text}' and was left out. ${(error as Error).message}`);
      return undefined;
    }
  };
  return withoutUndefined({
    enabled: read('ENABLED', trueOrFalse),
    sampleRate: read('SAMPLE_RATE', (text) => createSampler(number(text)).rate),
    sampleSeed: read('SAMPLE_SEED', (text) => createSampler(1, number(text)).seed),
    subscribers: read('SUBSCRIBERS', subscriberNames),
    aggregation: read('AGGREGATION', aggregation),
    trace: read('TRACE', trueOrFalse),
  });
}

function trueOrFalse(text: string): boolean {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  throw new RangeError('Allowed: true or false.');
}

function aggregation(text: string): Aggregation {
  const word = text.toLowerCase() as Aggregation;
  if (AGGREGATIONS.includes(word)) return word;
  throw new RangeError(`Allowed: ${AGGREGATIONS.join(' or ')}.`);
}

function number(text: string): number {
  return /^[\d.]+(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

function subscriberNames(text: string): FlagName[] {
  if (text === 'none') return [];
  return text.split(',').map((part) => {
    const name = part.trim() as FlagName;
    if (FLAG_NAMES.includes(name)) return name;
    throw new RangeError(
      `'${name}' is not known. Allowed: none, or some of ${FLAG_NAMES.join(', ')}, separated by commas.`,
    );
  });
}

function withoutUndefined<T extends object>(values: T) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
