import { numberOption, requireThat } from '@kvscope/core';
import { deadline } from '../deadline.js';
import { decodeLimits } from '../decode/limits.js';
import type { IngestOptions } from '../ingest/ingest-options.js';
import { TrtllmIngest } from '../ingest/trtllm-ingest.js';
import { type SourceEnvironment, sourceSettings } from './engine-options.js';
import { readBody } from './read-body.js';

export interface TrtllmOptions {
  /** Address of the server, such as `http://127.0.0.1:8000`; without a path, `/kv_cache_events` is asked. */
  readonly url: string;
  /** What metrics and status call it. Default: `trtllm`. */
  readonly name?: string;
  /** How often it is asked. ms. Default: 1,000. */
  readonly intervalMs?: number;
  /** How long an answer may take. ms. Default: 5,000. */
  readonly timeoutMs?: number;
  /** The longest wait after a failure: it doubles from one to the next. ms. Default: 30,000. */
  readonly maxBackoffMs?: number;
  readonly attributes?: IngestOptions['attributes'];
  readonly limits?: IngestOptions['limits'];
}

/** A TensorRT-LLM server that is being asked for its events. */
export interface TrtllmSource {
  /** Asks now; never rejects. */
  poll(): Promise<void>;
  /** Asks no more. What it counted and holds can still be collected, until it is closed. */
  stop(): void;
  close(): void;
}

const HOUR_MS = 3_600_000;
const DEFAULT_PATH = '/kv_cache_events';

/**
 * Asks a TensorRT-LLM server for its events again and again: asking takes them out of its buffer, and what did not fit
 * there shows as a gap in their ids.
 * @throws RangeError when an option is outside its range
 */
export function openTrtllmSource(options: TrtllmOptions, environment: SourceEnvironment = {}): TrtllmSource {
  const { bus, clock, monitor, budget } = sourceSettings(environment);
  const url = addressOf(options.url);
  const interval = numberOption('intervalMs', options.intervalMs, 1000, 1, HOUR_MS);
  const timeout = numberOption('timeoutMs', options.timeoutMs, 5000, 1, HOUR_MS);
  const longest = numberOption('maxBackoffMs', options.maxBackoffMs, 30_000, 1, HOUR_MS);
  const { maxPayloadBytes } = decodeLimits(options.limits);
  const name = options.name ?? 'trtllm';
  const statistics = monitor.publisher(name, 0);
  const { attributes, limits } = options;
  const ingest = new TrtllmIngest({
    name,
    bus,
    budget,
    statistics,
    ...(attributes !== undefined && { attributes }),
    ...(limits !== undefined && { limits }),
  });
  const closing = new AbortController();
  let failures = 0;
  let notBefore = Number.NEGATIVE_INFINITY;
  let answered = false;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    const { signal, release } = deadline(timeout, closing.signal);
    try {
      const response = await fetch(url, { method: 'POST', signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const body = await readBody(response, maxPayloadBytes);
      if (closing.signal.aborted) return;
      if (answered && !statistics.connected) statistics.reconnects++;
      statistics.connected = true;
      answered = true;
      failures = 0;
      if (body === undefined) statistics.error('oversized');
      else ingest.apply(body, clock.now());
    } catch {
      statistics.connected = false;
      notBefore = clock.now() + Math.min(longest, interval * 2 ** failures);
      failures = Math.min(failures + 1, 20);
    } finally {
      release();
    }
  }

  const poll = (): Promise<void> => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  const stopAsking = clock.every(interval, () => {
    if (clock.now() >= notBefore) void poll();
  });
  const stop = (): void => {
    stopAsking();
    closing.abort();
  };
  return {
    poll,
    stop,
    close() {
      stop();
      ingest.close();
      monitor.remove(statistics);
    },
  };
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  requireThat(
    url?.protocol === 'http:' || url?.protocol === 'https:',
    'url',
    text,
    'an http or https address, such as http://127.0.0.1:8000',
  );
  if (url.pathname === '/') url.pathname = DEFAULT_PATH;
  return url;
}
