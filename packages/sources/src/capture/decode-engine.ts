import { SOURCE_ERROR_KINDS, type SourceErrorKind } from '@kvscope/core';
import { CLEARED, type DecodedBatch, MOVED, REMOVED, STORED } from '../decode/decoded-batch.js';
import type { DialectName } from '../decode/engine/dialect.js';
import { EngineDecoder } from '../decode/engine/engine-decoder.js';
import { decodeLimits } from '../decode/limits.js';
import { EVERY_TIER } from '../decode/medium.js';
import { MsgpackReader } from '../decode/msgpack/reader.js';
import {
  type Capture,
  type CapturedEvent,
  cleared,
  evicted,
  keysOf,
  type Skip,
  stored,
} from './captured-event.js';
import type { DecodeCaptureOptions } from './decode-capture.js';
import { TiersOfKeys } from './tiers-of-keys.js';

/** What captured payloads of a msgpack format stand for. */
export function* decodeEngine(
  dialect: DialectName,
  captures: Iterable<Capture>,
  options: DecodeCaptureOptions,
): Generator<CapturedEvent, void, undefined> {
  const decoder = new EngineDecoder(dialect, options.limits);
  const { maxDepth } = decodeLimits(options.limits);
  const tiers = new TiersOfKeys();
  for (const { name, bytes } of captures) {
    for (const payload of payloadsOf(bytes, maxDepth)) {
      const batch = decoder.decode(payload);
      if (typeof batch === 'string') options.onSkipped?.(name, batch, 1);
      else {
        yield* eventsOf(batch, tiers);
        tellSkipped(name, batch, options.onSkipped);
      }
    }
  }
}

/** Payloads behind one another in one file. Where no value ends, the rest is one payload for the decoder to refuse. */
function* payloadsOf(bytes: Uint8Array, maxDepth: number): Generator<Uint8Array, void, undefined> {
  const reader = new MsgpackReader(maxDepth);
  let start = 0;
  do {
    let end = bytes.length;
    try {
      reader.read(bytes);
      reader.position = start;
      reader.skip();
      end = reader.position;
    } catch {
      // The decoder says what is wrong with it.
    }
    yield bytes.subarray(start, end);
    start = end;
  } while (start < bytes.length);
}

function* eventsOf(batch: DecodedBatch, tiers: TiersOfKeys): Generator<CapturedEvent, void, undefined> {
  const { time, blocks } = batch;
  for (let i = 0; i < batch.size; i++) {
    const kind = batch.kindOf(i);
    const tier = batch.tierOf(i);
    const destination = batch.destinationOf(i);
    const keys = keysOf(blocks, batch.startOf(i), batch.endOf(i), batch.groupOf(i));
    if (kind === CLEARED) {
      tiers.clear();
      yield cleared(tier, time);
    } else if (keys.length === 0) {
      // On the bus it would be no event.
    } else if (kind === STORED) {
      tiers.add(keys, tier);
      yield stored(tier, keys, time);
    } else if (kind === MOVED) {
      tiers.remove(keys, tier);
      tiers.add(keys, destination);
      yield evicted(tier, keys, time);
      yield stored(destination, keys, time);
    } else if (kind === REMOVED && tier === EVERY_TIER) {
      for (const [held, gone] of tiers.split(keys)) {
        tiers.remove(gone, held);
        yield evicted(held, gone, time);
      }
    } else {
      tiers.remove(keys, tier);
      yield evicted(tier, keys, time);
    }
  }
}

function tellSkipped(name: string, batch: DecodedBatch, onSkipped: Skip | undefined): void {
  for (let i = 0; i < batch.skipped.length; i++) {
    const count = batch.skipped[i] as number;
    if (count > 0) onSkipped?.(name, SOURCE_ERROR_KINDS[i] as SourceErrorKind, count);
  }
}
