import { EVENT_NAMES, type EventName } from '@kvscope/core';

export type EventGroup = 'Block lifecycle' | 'Movement' | 'Layerwise' | 'Control';

/** The record type makes a missing event a compile error. */
const GROUP_OF: Readonly<Record<EventName, EventGroup>> = {
  'block.stored': 'Block lifecycle',
  'block.accessed': 'Block lifecycle',
  'block.released': 'Block lifecycle',
  'block.evicted': 'Block lifecycle',
  'tier.cleared': 'Block lifecycle',
  'source.reset': 'Block lifecycle',
  'lookup.finished': 'Block lifecycle',
  'transfer.finished': 'Movement',
  'request.chunk': 'Movement',
  'request.aborted': 'Movement',
  'task.finished': 'Movement',
  'shard.waited': 'Movement',
  'io.finished': 'Movement',
  'io.task.finished': 'Movement',
  'layer.submitted': 'Layerwise',
  'layer.waited': 'Layerwise',
  'layer.loaded': 'Layerwise',
  'batch.finished': 'Layerwise',
  'window.started': 'Control',
  'window.finished': 'Control',
};

const INTRODUCTIONS: Readonly<Record<EventGroup, string>> = {
  'Block lifecycle': 'What a tier holds: blocks come, are used and go, and lookups ask for them.',
  Movement:
    'What moves between tiers and nodes. A load goes towards L0, a dump away from it; a shard is the part of a block that moves on its own; a task moves many shards through a store stage; an io is one read or write call against L2; a transfer is what the connector sees of all that.',
  Layerwise:
    'Loading and saving layer by layer while the accelerator computes. A batch is one forward pass; a save is the dump of one layer, and these events are the only ones to use the word.',
  Control: 'What steers the readers of the other events.',
};

/** The groups in the order of the page, each with its events in the order of the catalog. */
export const EVENT_GROUPS = (Object.keys(INTRODUCTIONS) as EventGroup[]).map((name) => ({
  name,
  introduction: INTRODUCTIONS[name],
  events: EVENT_NAMES.filter((event) => GROUP_OF[event] === name),
}));
