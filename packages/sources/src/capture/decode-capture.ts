import { requireThat } from '@kvscope/core';
import type { DecodeLimits } from '../decode/limits.js';
import type { Capture, CapturedEvent, Skip } from './captured-event.js';
import { decodeAllocations } from './decode-allocations.js';
import { decodeEngine } from './decode-engine.js';
import { decodeTrtllm } from './decode-trtllm.js';

export const CAPTURE_FORMATS = ['vllm', 'sglang', 'mooncake', 'trtllm', 'allocations'] as const;
export type CaptureFormat = (typeof CAPTURE_FORMATS)[number];

export interface DecodeCaptureOptions {
  readonly limits?: Partial<DecodeLimits>;
  /** Told of each message or event that stands for nothing. */
  readonly onSkipped?: Skip;
  /** `allocations` only: tokens of a block where a report does not tell. Default: 16. */
  readonly blockTokens?: number;
  /** Time of events that carry none (`trtllm`, `allocations`). Epoch ms. Default: 0. */
  readonly time?: number;
}

/**
 * The events of the bus that captured payloads stand for, in order. A capture of `vllm`, `sglang` or `mooncake` is one
 * msgpack payload or several behind one another; of `trtllm` a JSON response, an event, or either a line; of
 * `allocations` a JSON report, or one a line.
 *
 * Kept from one capture to the next is only what a format needs: which tier a TensorRT-LLM block or an SGLang block
 * that is removed without a medium is in, and what a physical block holds. There are no reference counts and no gaps.
 * @throws RangeError for another format, or an option outside its range
 */
export function decodeCapture(
  format: CaptureFormat,
  captures: Iterable<Capture>,
  options: DecodeCaptureOptions = {},
): Generator<CapturedEvent, void, undefined> {
  requireThat(CAPTURE_FORMATS.includes(format), 'format', format, CAPTURE_FORMATS.join(', '));
  if (format === 'trtllm') return decodeTrtllm(captures, options);
  if (format === 'allocations') return decodeAllocations(captures, options);
  return decodeEngine(format, captures, options);
}
