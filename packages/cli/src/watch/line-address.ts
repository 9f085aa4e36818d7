import type { LineAddress } from '@kvscope/sources';
import { address } from '../arguments.js';

const UNIX = 'unix:';
const TCP = 'tcp:';

/** `unix:PATH` and `tcp:[HOST:]PORT`, also with slashes as in a URL; nothing for a file. */
export function lineAddress(from: string, allowRemote: boolean): LineAddress | undefined {
  if (from.startsWith(UNIX)) return { path: from.slice(UNIX.length).replace(/^\/\/(?=\/)/, '') };
  if (!from.startsWith(TCP)) return undefined;
  return { ...address(from.slice(TCP.length).replace(/^\/\//, '')), allowRemote };
}
