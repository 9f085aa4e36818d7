/**
 * A running 64-bit digest over a request's tokens from its first one on: two blocks have equal digests when their
 * tokens and all tokens before them are equal, which is when their keys and values are. The tokens are not kept.
 */
export class ContentDigest {
  lo = 0x243f6a88;
  hi = 0x85a308d3;
  /** Tokens so far. {token} */
  tokens = 0;

  add(token: number): void {
    const high = Math.floor(token / 2 ** 32);
    this.lo = mix(this.lo ^ token ^ Math.imul(high, 0x9e3779b1));
    this.hi = mix((this.hi + token) ^ this.lo);
    this.tokens++;
  }
}

/** The digest as 16 hex digits. */
export function contentHex(lo: number, hi: number): string {
  return (hi >>> 0).toString(16).padStart(8, '0') + (lo >>> 0).toString(16).padStart(8, '0');
}

function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return hash ^ (hash >>> 15);
}
