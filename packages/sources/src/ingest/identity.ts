import type { BlockKey } from '@kvscope/core';

/** Everything that makes a block's content differ from another's. */
export interface BlockIdentity {
  /** Low and high words of its hash; of a named block, of its name's. */
  readonly lo: number;
  readonly hi: number;
  /** A byte digest as `0x` hex or an object key, in place of a hash. */
  readonly name: string | undefined;
  readonly group: number;
  /** Digest of its salt; both words 0 = none. */
  readonly saltLo: number;
  readonly saltHi: number;
}

const words = new Uint32Array(2);
const big = new BigUint64Array(words.buffer);
const LOW = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;

/**
 * The key a block has on the bus: its 64-bit hash, or its name. A group other than 0 or a salt makes it the string
 * `<hash>/<group>`, with `#<16 hex digits of the salt's digest>` behind it when there is a salt.
 */
export function keyOf(block: BlockIdentity): BlockKey {
  const { name, group, saltLo, saltHi } = block;
  if (name !== undefined) return suffixed(name, group, saltLo, saltHi);
  words[LOW] = block.lo;
  words[1 - LOW] = block.hi;
  const hash = big[0] as bigint;
  return (group | saltLo | saltHi) === 0 ? hash : suffixed(hash, group, saltLo, saltHi);
}

function suffixed(plain: bigint | string, group: number, saltLo: number, saltHi: number): BlockKey {
  if ((saltLo | saltHi) !== 0) return `${plain}/${group}#${hex(saltHi)}${hex(saltLo)}`;
  return group === 0 ? plain : `${plain}/${group}`;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
