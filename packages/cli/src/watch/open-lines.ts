import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import {
  AllocationIngest,
  followFile,
  LineIngest,
  type LineSourceOptions,
  type LineTarget,
  listenForLines,
  readLines,
} from '@kvscope/sources';
import { STANDARD_INPUT } from '../standard-input.js';
import type { LinesConfig } from './config/source-config.js';
import { definedOnly } from './defined-only.js';
import { lineAddress } from './line-address.js';
import type { SourceIdentity } from './open-source.js';
import type { WatchEnvironment, WatchedSource } from './watched-source.js';

/** How lines arrive, whatever they say. */
type LineStream = Pick<WatchedSource, 'places' | 'ended' | 'stop'>;

/** @throws Error when the address cannot be used or the file cannot be read */
export async function openLines(
  config: LinesConfig,
  identity: SourceIdentity,
  environment: WatchEnvironment,
): Promise<WatchedSource> {
  const { name, monitor } = identity;
  const ingest = ingestOf(config, identity, environment);
  const maxLineBytes = config.limits?.maxPayloadBytes;
  const stream = await streamOf(config, ingest, maxLineBytes === undefined ? {} : { maxLineBytes });
  return {
    name,
    monitor,
    ...stream,
    close() {
      ingest.close();
      monitor.remove(ingest.statistics);
    },
  };
}

function ingestOf(config: LinesConfig, identity: SourceIdentity, { budget }: WatchEnvironment) {
  const { name, monitor, attributes } = identity;
  const statistics = monitor.publisher(name, 0);
  const limits = config.limits && definedOnly(config.limits);
  const options = { name, statistics, ...(attributes && { attributes }), ...(limits && { limits }) };
  if (config.kind === 'ndjson') return new LineIngest(options);
  const { blockTokens } = config;
  return new AllocationIngest({ ...options, budget, ...(blockTokens !== undefined && { blockTokens }) });
}

async function streamOf(
  config: LinesConfig,
  target: LineTarget,
  options: LineSourceOptions,
): Promise<LineStream> {
  const { from, follow = false, allowRemote = false } = config;
  if (from === STANDARD_INPUT) return reading('standard input', process.stdin, target, options);
  const address = lineAddress(from, allowRemote);
  if (address !== undefined) {
    const listener = await listenForLines(address, target, options);
    return { places: [listener.address], stop: () => listener.close() };
  }
  if (follow) {
    const followed = followFile(from, target, options);
    return {
      places: [from],
      async stop() {
        await followed.poll();
        await followed.close();
      },
    };
  }
  try {
    const handle = await open(from, 'r');
    return reading(from, handle.createReadStream(), target, options);
  } catch (cause) {
    throw new Error(`${from}: cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function reading(name: string, stream: Readable, target: LineTarget, options: LineSourceOptions): LineStream {
  let stopped = false;
  const ended = readLines(stream, target, options).catch((cause: Error) => {
    // Destroyed by us, it ends before its end.
    if (!stopped) throw new Error(`${name}: cannot be read: ${cause.message}`, { cause });
  });
  return {
    places: [name],
    ended,
    async stop() {
      stopped = true;
      stream.destroy();
      await ended;
    },
  };
}
