import { createBus, type EventMap, SOURCE_ERROR_KINDS } from '@kvscope/core';
import { linesOf } from '../decode/json/json-text.js';
import { AllocationIngest } from '../ingest/allocations/allocation-ingest.js';
import { PublisherStatistics } from '../monitor/publisher-statistics.js';
import { lineKey } from '../ndjson/line-key.js';
import type { Capture, CapturedEvent } from './captured-event.js';
import type { DecodeCaptureOptions } from './decode-capture.js';

const PUBLISHER = 'allocations';
const TYPES = ['block.stored', 'block.accessed', 'block.released', 'block.evicted'] as const;

/** What captured allocation reports stand for: what a physical block holds is all that the ingest itself keeps. */
export function* decodeAllocations(
  captures: Iterable<Capture>,
  options: DecodeCaptureOptions,
): Generator<CapturedEvent, void, undefined> {
  const bus = createBus();
  const statistics = new PublisherStatistics(PUBLISHER, 0);
  const { limits, blockTokens, time = 0 } = options;
  const ingest = new AllocationIngest({
    name: PUBLISHER,
    bus,
    statistics,
    ...(limits !== undefined && { limits }),
    ...(blockTokens !== undefined && { blockTokens }),
  });
  let events: CapturedEvent[] = [];
  for (const type of TYPES) {
    bus.subscribe(type, PUBLISHER, (event) => void events.push(captured(type, event)));
  }
  for (const { name, bytes } of captures) {
    const before = SOURCE_ERROR_KINDS.map((kind) => statistics.errors(kind));
    for (const report of reportsOf(bytes)) {
      ingest.apply(report, time);
      yield* events;
      events = [];
    }
    SOURCE_ERROR_KINDS.forEach((kind, i) => {
      const count = statistics.errors(kind) - (before[i] as number);
      if (count > 0) options.onSkipped?.(name, kind, count);
    });
  }
}

/** A file of one report, which may be printed over many lines, or of one report a line. */
function reportsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const lines = [...linesOf(bytes)];
  const [first, second] = lines;
  const oneEach = first?.at(0) === OPEN && second?.at(0) === OPEN;
  return oneEach ? lines : [bytes];
}

const OPEN = 0x7b;

function captured<T extends (typeof TYPES)[number]>(type: T, event: EventMap[T]): CapturedEvent {
  const { source, keys, time, tier, ...rest } = event;
  const name = source.attributes['kv_cache.publisher.name'];
  return {
    event: type,
    tier,
    keys: keys.map(lineKey),
    ...rest,
    time,
    ...(name !== undefined && { source: String(name) }),
  };
}
