import type { SourceErrorKind } from '@kvscope/core';
import { encode } from '@msgpack/msgpack';
import type { DecodeCaptureOptions } from '../../src/capture/decode-capture.ts';
import { type CapturedEvent, type CaptureFormat, decodeCapture } from '../../src/index.ts';

export const HASH = 15760518052499183552n;
export const SIGNED = -2686226021210368064n;
export const OTHER = 4284880390408332321n;
export const TIME = 1761816192.5;

/** A payload as an engine encodes it: bigints as 64-bit integers. */
export function payload(...events: unknown[]): Uint8Array {
  return bytes([TIME, events, 0]);
}

export function bytes(value: unknown): Uint8Array {
  return encode(value, { useBigInt64: true });
}

export function captured(format: CaptureFormat, content: Uint8Array, options: DecodeCaptureOptions = {}) {
  const skipped: [SourceErrorKind, number][] = [];
  const events = [
    ...decodeCapture(format, [{ name: 'capture', bytes: content }], {
      ...options,
      onSkipped: (_, reason, count) => skipped.push([reason, count]),
    }),
  ];
  return { events, skipped };
}

/** Events without what all of them share. */
export function told(events: readonly CapturedEvent[]) {
  return events.map(({ event, tier, keys }) => [event, tier, keys]);
}
