import type { BlockAccessed, BlockKey, BlockStored } from '../src/events.ts';
import type { Source } from '../src/source.ts';

/** A source that touches no bus. */
export function sourceWith(attributes: Source['attributes'] = {}): Source {
  return { attributes, accesses: true, live: true, close: () => {} };
}

const source = sourceWith();

export function stored(...keys: BlockKey[]): BlockStored {
  return { time: 1000, source, tier: 'l0', keys, cause: 'computed' };
}

export function accessed(...keys: BlockKey[]): BlockAccessed {
  return { time: 1000, source, tier: 'l0', keys, by: 'request' };
}
