import { CLEARED, type EventKind, MOVED, REMOVED, STORED } from '../decoded-batch.js';
import { WordTable } from '../word-table.js';

/** The engines' names for events; `stored` and `removed` are the Mooncake master's. */
export const TAGS = new WordTable<EventKind>({
  BlockStored: STORED,
  BlockRemoved: REMOVED,
  AllBlocksCleared: CLEARED,
  BlockTransferred: MOVED,
  stored: STORED,
  removed: REMOVED,
  cleared: CLEARED,
});
