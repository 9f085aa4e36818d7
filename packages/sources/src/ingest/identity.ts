import type { BlockKey } from '@kvscope/core';
import type { BlockList } from '../decode/block-list.js';

/**
 * The key a block has on the bus: its 64-bit hash, or its name. A group other than 0 or a salt makes it the string
 * `<hash>/<group>`, with `#<16 hex digits of the salt's digest>` behind it when there is a salt.
 */
export function keyOf(blocks: BlockList, at: number, group: number): BlockKey {
  if (blocks.plain && group === 0) return blocks.hashes[at] as bigint;
  const plain = blocks.nameAt(at) ?? (blocks.hashes[at] as bigint);
  const saltLo = blocks.saltLo[at] as number;
  const saltHi = blocks.saltHi[at] as number;
  if ((saltLo | saltHi) !== 0) return `${plain}/${group}#${hex(saltHi)}${hex(saltLo)}`;
  return group === 0 ? plain : `${plain}/${group}`;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
