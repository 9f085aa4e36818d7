import { createSampler, requireFields, requireThat, type Sampler, type Subscriber } from '@kvscope/core';
import { HISTOGRAM_KINDS, type HistogramKind } from '@kvscope/fast-path';
import { BUILT_IN, FLAG_NAMES } from './built-in.js';
import { AGGREGATIONS, type Aggregation, type KvCacheInstrumentationConfig, type Plugin } from './config.js';
import type { EnvironmentConfig } from './environment.js';

/** A subscriber that is to run, and what makes it the same as before. */
export interface Wanted {
  readonly subscriber: Subscriber;
  readonly options: unknown;
  readonly sampled: boolean;
}

/** A configuration in which everything is decided. */
export interface ResolvedConfig {
  readonly enabled: boolean;
  readonly aggregation: Aggregation;
  readonly histograms: HistogramKind;
  readonly sampler: Sampler;
  readonly wanted: ReadonlyMap<string, Wanted>;
}

const FIELDS: readonly string[] = [
  'enabled',
  'sampleRate',
  'sampleSeed',
  'aggregation',
  'histograms',
  'plugins',
  ...FLAG_NAMES,
];

/**
 * Code beats environment beats defaults.
 * @param before what was chosen at construction; what can only be chosen then stays as it is
 * @throws RangeError that names the field, the value and what is allowed
 */
export function resolveConfig(
  config: KvCacheInstrumentationConfig,
  environment: EnvironmentConfig,
  before?: ResolvedConfig,
): ResolvedConfig {
  requireThat(isOptions(config), 'config', config, 'an object');
  requireFields('config', config, FIELDS);
  const enabled = config.enabled ?? environment.enabled ?? true;
  requireThat(typeof enabled === 'boolean', 'enabled', enabled, 'true or false');
  return {
    enabled,
    ...recording(config, environment, before),
    sampler: createSampler(
      config.sampleRate ?? environment.sampleRate,
      config.sampleSeed ?? environment.sampleSeed,
    ),
    wanted: new Map([...builtIn(config, environment), ...pluggedIn(config.plugins ?? [])]),
  };
}

function recording(
  config: KvCacheInstrumentationConfig,
  environment: EnvironmentConfig,
  before: ResolvedConfig | undefined,
): Pick<ResolvedConfig, 'aggregation' | 'histograms'> {
  const aggregation = config.aggregation ?? before?.aggregation ?? environment.aggregation ?? 'sdk';
  const histograms = config.histograms ?? before?.histograms ?? 'explicit';
  oneOf('aggregation', aggregation, before === undefined ? AGGREGATIONS : [before.aggregation]);
  oneOf('histograms', histograms, before === undefined ? HISTOGRAM_KINDS : [before.histograms]);
  requireThat(
    aggregation === 'fast' || histograms === 'explicit',
    'histograms',
    histograms,
    "explicit; exponential ones need aggregation: 'fast', or a View of the SDK",
  );
  return { aggregation, histograms };
}

/** @param allowed a single one when it was chosen at construction */
function oneOf(field: string, value: string, allowed: readonly string[]): void {
  const [chosen, ...others] = allowed;
  const only = others.length === 0 ? `${chosen}, as chosen at construction` : allowed.join(', ');
  requireThat(allowed.includes(value), field, value, only);
}

function* builtIn(
  config: KvCacheInstrumentationConfig,
  environment: EnvironmentConfig,
): Iterable<[string, Wanted]> {
  for (const name of FLAG_NAMES) {
    const { subscriber, byDefault, sampled } = BUILT_IN[name];
    const switched = name === 'trace' ? environment.trace : undefined;
    const flag: unknown = config[name] ?? switched ?? environment.subscribers?.includes(name) ?? byDefault;
    const options = isOptions(flag) ? flag : undefined;
    requireThat(
      typeof flag === 'boolean' || options !== undefined,
      name,
      flag,
      'true, false or an object of options',
    );
    subscriber.validate?.(options);
    if (flag !== false) yield [name, { subscriber, options, sampled }];
  }
}

function* pluggedIn(plugins: readonly Plugin[]): Iterable<[string, Wanted]> {
  requireThat(Array.isArray(plugins), 'plugins', plugins, 'an array of plugin(subscriber)');
  const names = new Set<string>([...FLAG_NAMES, BUS_HEALTH]);
  for (const given of plugins as readonly (Plugin | null | undefined)[]) {
    const { subscriber, options } = given ?? {};
    requireThat(
      typeof subscriber?.name === 'string' && typeof subscriber.start === 'function',
      'plugins',
      given,
      'plugin(subscriber)',
    );
    const { name } = subscriber;
    requireThat(!names.has(name), 'plugins', name, 'names that no other subscriber has');
    names.add(name);
    subscriber.validate?.(options);
    // Nobody knows whether it samples, so a new rate or seed restarts it.
    yield [name, { subscriber, options, sampled: true }];
  }
}

/** The name of the subscriber that reports on the bus itself. */
export const BUS_HEALTH = 'bus';

/** An array would pass for an object without fields, and its elements be lost without a word. */
function isOptions(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
