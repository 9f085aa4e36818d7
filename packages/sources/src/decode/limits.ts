import { integerOption } from '@kvscope/core';

/** What a message may cost at most, whoever sent it. */
export interface DecodeLimits {
  /** Bytes of one payload or line. Default: 16 MiB. */
  readonly maxPayloadBytes: number;
  /** How deep arrays, maps and objects may stand in one another within one value. Default: 16. */
  readonly maxDepth: number;
  /** Events of one batch. Default: 65,536. */
  readonly maxEvents: number;
  /** Block hashes, or keys, of one event. Default: 65,536. */
  readonly maxHashes: number;
}

const MIB = 1024 * 1024;
const MAX_PAYLOAD_BYTES = 512 * MIB;
const MAX_COUNT = 2 ** 24;

/** The limits with their defaults in place. @throws RangeError when one is outside its range */
export function decodeLimits(options: Partial<DecodeLimits> = {}): DecodeLimits {
  const { maxPayloadBytes, maxDepth, maxEvents, maxHashes } = options;
  return Object.freeze({
    maxPayloadBytes: integerOption('maxPayloadBytes', maxPayloadBytes, 16 * MIB, 1, MAX_PAYLOAD_BYTES),
    maxDepth: integerOption('maxDepth', maxDepth, 16, 1, 1024),
    maxEvents: integerOption('maxEvents', maxEvents, 65_536, 1, MAX_COUNT),
    maxHashes: integerOption('maxHashes', maxHashes, 65_536, 1, MAX_COUNT),
  });
}
