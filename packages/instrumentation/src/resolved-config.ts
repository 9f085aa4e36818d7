import { createSampler, requireFields, requireThat, type Sampler, type Subscriber } from '@kvscope/core';
import { BUILT_IN, FLAG_NAMES } from './built-in.js';
import type { KvCacheInstrumentationConfig, Plugin } from './config.js';
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
  readonly sampler: Sampler;
  readonly wanted: ReadonlyMap<string, Wanted>;
}

const FIELDS: readonly string[] = ['enabled', 'sampleRate', 'sampleSeed', 'plugins', ...FLAG_NAMES];

/**
 * Code beats environment beats defaults.
 * @throws RangeError that names the field, the value and what is allowed
 */
export function resolveConfig(
  config: KvCacheInstrumentationConfig,
  environment: EnvironmentConfig,
): ResolvedConfig {
  requireThat(isOptions(config), 'config', config, 'an object');
  requireFields('config', config, FIELDS);
  const enabled = config.enabled ?? environment.enabled ?? true;
  requireThat(typeof enabled === 'boolean', 'enabled', enabled, 'true or false');
  return {
    enabled,
    sampler: createSampler(
      config.sampleRate ?? environment.sampleRate,
      config.sampleSeed ?? environment.sampleSeed,
    ),
    wanted: new Map([...builtIn(config, environment), ...pluggedIn(config.plugins ?? [])]),
  };
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
