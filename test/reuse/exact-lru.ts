import { RecencyList } from '../../packages/sources/src/replay/recency-list.ts';

/** The hit ratio of an LRU of `capacity` blocks over `keys`: the cache itself, and no distance. */
export function exactHitRatio(keys: readonly number[], capacity: number): number {
  const cache = new RecencyList();
  let hits = 0;
  for (const key of keys) {
    const slot = cache.find(key);
    if (slot >= 0) {
      hits++;
      cache.touch(slot, 0);
      continue;
    }
    if (cache.size === capacity) cache.remove(cache.oldest);
    cache.add(key, 0);
  }
  return hits / keys.length;
}
