import { createHash } from 'node:crypto';

const MAX_KNOWN = 4096;
const NOTHING = Object.freeze({ lo: 0, hi: 0 });

export interface Digest {
  readonly lo: number;
  readonly hi: number;
}

/**
 * The first 64 bits of a salt's SHA-256. A salt may be a tenant's secret: it goes into keys, recordings and the
 * state as a digest only. The few that are in use are remembered, so that a stream pays for each once.
 */
export class SaltDigests {
  readonly #known = new Map<string, Digest>();

  /** The digest of a salt's bytes; of an empty one, nothing. */
  of(bytes: Uint8Array, start: number, end: number): Digest {
    if (end <= start) return NOTHING;
    const salt = bytes.subarray(start, end);
    const text = Buffer.from(salt.buffer, salt.byteOffset, salt.length).toString('latin1');
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const hash = createHash('sha256').update(salt).digest();
    const digest = { hi: hash.readInt32BE(0), lo: hash.readInt32BE(4) };
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(text, digest);
    return digest;
  }
}
