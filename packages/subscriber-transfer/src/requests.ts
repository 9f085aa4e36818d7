import { intervalMs, type RequestChunk, requireAmount, requireThat } from '@kvscope/core';
import type { TransferContext } from './context.js';
import type { RequestLimits } from './options.js';
import { type Request, RequestTable } from './request-table.js';

const SWEEP_INTERVAL_MS = 1000;

/** Accumulates the chunks of each request, and records it when the last one missing has arrived. */
export function recordRequests(context: TransferContext, limits: RequestLimits): void {
  const { clock } = context;
  const duration = context.histogram('kv_cache.request.transfer.duration');
  const size = context.histogram('kv_cache.request.transfer.size');
  const abandoned = context.counter('kv_cache.request.transfer.abandoned');
  const abandon = ({ source }: Request, reason: 'aborted' | 'age' | 'limit'): void => {
    abandoned.at(source, reason).add(1);
  };
  const table = new RequestTable(limits, abandon);

  context.on('request.chunk', (chunk) => {
    requireConsistent(chunk);
    const { source, requestId, sessionId, startTime } = chunk;
    const request = table.open(source, requestId, sessionId, startTime, clock.now());
    if (request?.chunks === undefined) return;
    if (chunk.index >= limits.maxChunks) {
      table.end(request, Number.POSITIVE_INFINITY, clock.now());
      abandon(request, 'limit');
      return;
    }
    const { chunks } = request;
    chunks.add(chunk);
    if (!chunks.complete) return;
    duration.at(source, source.backend).record(chunks.sent.length / 1000);
    size.at(source, source.backend).record(chunks.bytes);
    table.end(request, chunks.sent.end, clock.now());
  });

  context.on('request.aborted', ({ source, requestId, sessionId, time }) => {
    requireThat(Number.isFinite(time), 'request.aborted: time', time, 'a finite number');
    for (const request of table.named(source, requestId, sessionId)) {
      const { endedTime } = request;
      if (Number.isFinite(endedTime)) continue;
      table.end(request, time, clock.now());
      // One that was given up has been counted; from now on its id may come back.
      if (endedTime === undefined) abandon(request, 'aborted');
    }
  });

  context.every(SWEEP_INTERVAL_MS, () => table.sweep(clock.now()));
}

function requireConsistent({ index, bytes, startTime, time }: RequestChunk): void {
  intervalMs('request.chunk', startTime, time);
  requireThat(
    Number.isInteger(index) && index >= 0,
    'request.chunk: index',
    index,
    'a whole number from 0 up',
  );
  requireAmount('request.chunk: bytes', bytes);
}
