import type { AttributeValue } from '@kvscope/core';
import { openEngineSource, openTrtllmSource, SourceMonitor } from '@kvscope/sources';
import type { SourceConfig, ZeromqConfig } from './config/source-config.js';
import { definedOnly } from './defined-only.js';
import { openLines } from './open-lines.js';
import type { WatchEnvironment, WatchedSource } from './watched-source.js';

/**
 * Starts listening.
 * @throws ZeromqMissingError when an engine speaks ZeroMQ and the package is not installed
 * @throws Error when an address cannot be used or a file cannot be read
 */
export async function openSource(
  config: SourceConfig,
  environment: WatchEnvironment,
): Promise<WatchedSource> {
  const name = config.name ?? config.kind;
  const monitor = new SourceMonitor();
  const attributes = attributesOf(name, config.attributes);
  if ('endpoints' in config) return openZeromq(config, { name, monitor, attributes }, environment);
  if ('from' in config) return openLines(config, { name, monitor, attributes }, environment);
  const { url, pollInterval = 1, limits } = config;
  const source = openTrtllmSource(
    {
      url,
      name,
      intervalMs: pollInterval * 1000,
      ...(attributes && { attributes }),
      ...(limits && { limits: definedOnly(limits) }),
    },
    { monitor, ...environment },
  );
  return { name, places: [url], monitor, stop: async () => source.stop(), close: () => source.close() };
}

/** What every source is opened with. */
export interface SourceIdentity {
  readonly name: string;
  readonly monitor: SourceMonitor;
  /** Nothing: what each kind puts there by itself. */
  readonly attributes: Readonly<Record<string, AttributeValue>> | undefined;
}

/** A source has room for two: the operator's come first, then its name. */
function attributesOf(name: string, given: SourceConfig['attributes']): SourceIdentity['attributes'] {
  if (given === undefined || Object.keys(given).length === 0) return undefined;
  return Object.keys(given).length === 1 ? { 'kv_cache.publisher.name': name, ...given } : given;
}

const WITHOUT_REPLAY = { replay: undefined, replayTimeout: undefined };

async function openZeromq(
  config: ZeromqConfig,
  { name, monitor, attributes }: SourceIdentity,
  environment: WatchEnvironment,
): Promise<WatchedSource> {
  const { kind, endpoints, bind, ranks, topic, limits, queue, capacities } = config;
  const { replay, replayTimeout } = config.kind === 'mooncake' ? WITHOUT_REPLAY : config;
  const source = await openEngineSource(
    {
      engine: kind,
      name,
      endpoints,
      ...(bind !== undefined && { bind }),
      ...(ranks !== undefined && { ranks }),
      ...(topic !== undefined && { topic }),
      ...(replay !== undefined && { replayEndpoints: replay }),
      ...(attributes !== undefined && { attributes }),
      ...(limits !== undefined && { limits: definedOnly(limits) }),
      ...(queue !== undefined && { queue: definedOnly(queue) }),
      ...(capacities !== undefined && { capacities: definedOnly(capacities) }),
      ...(replayTimeout !== undefined && { sequence: { replayTimeoutMs: replayTimeout * 1000 } }),
    },
    { monitor, ...environment },
  );
  return {
    name,
    places: source.endpoints,
    monitor,
    stop: async () => source.stop(),
    close: () => source.close(),
  };
}
