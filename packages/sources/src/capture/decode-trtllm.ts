import type { JsonValue } from '../decode/json/exact-json.js';
import { linesOf, parseJsonBytes } from '../decode/json/json-text.js';
import { asArray } from '../decode/json/json-values.js';
import { type DecodeLimits, decodeLimits } from '../decode/limits.js';
import { readTrtllmEvent, TRTLLM_SKIPPED, type TrtllmEvent } from '../decode/trtllm/trtllm-event.js';
import { type Capture, type CapturedEvent, evicted, keysOf, type Skip, stored } from './captured-event.js';
import type { DecodeCaptureOptions } from './decode-capture.js';
import { TiersOfKeys } from './tiers-of-keys.js';

/** What captured responses of TensorRT-LLM stand for. */
export function* decodeTrtllm(
  captures: Iterable<Capture>,
  options: DecodeCaptureOptions,
): Generator<CapturedEvent, void, undefined> {
  const limits = decodeLimits(options.limits);
  const tiers = new TiersOfKeys();
  for (const { name, bytes } of captures) {
    for (const value of valuesOf(name, bytes, limits, options.onSkipped, TRTLLM_SKIPPED)) {
      for (const item of asArray(value) ?? [value]) {
        const event = readTrtllmEvent(item, limits);
        if (typeof event === 'string') options.onSkipped?.(name, event, 1);
        else yield* eventsOf(event, tiers, options.time ?? 0);
      }
    }
  }
}

/** A file of one JSON value, or of one a line. */
export function* valuesOf(
  name: string,
  bytes: Uint8Array,
  limits: DecodeLimits,
  onSkipped: Skip | undefined,
  skipped?: ReadonlySet<string>,
): Generator<JsonValue, void, undefined> {
  const whole = parseJsonBytes(bytes, limits, skipped);
  if (typeof whole !== 'string') {
    yield whole.value;
    return;
  }
  const lines = [...linesOf(bytes)];
  if (lines.length < 2) {
    onSkipped?.(name, whole, 1);
    return;
  }
  for (const line of lines) {
    const parsed = parseJsonBytes(line, limits, skipped);
    if (typeof parsed === 'string') onSkipped?.(name, parsed, 1);
    else yield parsed.value;
  }
}

function* eventsOf(
  event: TrtllmEvent,
  tiers: TiersOfKeys,
  time: number,
): Generator<CapturedEvent, void, undefined> {
  if (event.type === 'created') return;
  const keys = keysOf(event.blocks, 0, event.blocks.length, event.group);
  if (event.type === 'stored') {
    for (const tier of new Set(event.tiers)) {
      const here = keys.filter((_, i) => event.tiers[i] === tier);
      tiers.add(here, tier);
      yield stored(tier, here, time);
    }
  } else if (event.type === 'removed') {
    for (const [tier, gone] of tiers.split(keys)) {
      tiers.remove(gone, tier);
      yield evicted(tier, gone, time);
    }
  } else if (event.from !== undefined && event.to !== undefined && event.from !== event.to) {
    tiers.remove(keys, event.from);
    tiers.add(keys, event.to);
    yield evicted(event.from, keys, time);
    yield stored(event.to, keys, time);
  }
}
