import type { BlockKey } from '@kvscope/core';
import type { BlockList } from '../decode/block-list.js';

/** What makes a block's content differ from another's of the same hash. */
export interface BlockIdentity {
  /** A byte digest as `0x` hex or an object key, in place of a hash. */
  readonly name: string | undefined;
  readonly group: number;
  /** Digest of its salt; both words 0 = none. */
  readonly saltLo: number;
  readonly saltHi: number;
}

/**
 * The key a block has on the bus: its 64-bit hash, or its name. A group other than 0 or a salt makes it the string
 * `<hash>/<group>`, with `#<16 hex digits of the salt's digest>` behind it when there is a salt.
 */
export function keyOf(blocks: BlockList, at: number, block: BlockIdentity): BlockKey {
  const { name, group, saltLo, saltHi } = block;
  if (name !== undefined) return suffixed(name, group, saltLo, saltHi);
  const hash = blocks.hashes[at] as bigint;
  return (group | saltLo | saltHi) === 0 ? hash : suffixed(hash, group, saltLo, saltHi);
}

function suffixed(plain: bigint | string, group: number, saltLo: number, saltHi: number): BlockKey {
  if ((saltLo | saltHi) !== 0) return `${plain}/${group}#${hex(saltHi)}${hex(saltLo)}`;
  return group === 0 ? plain : `${plain}/${group}`;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
