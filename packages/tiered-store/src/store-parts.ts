import type { TaskOperation } from '@kvscope/core';
import type { Delays } from './delays.js';
import type { Geometry } from './geometry.js';
import type { MemoryTier } from './memory-tier.js';
import type { Reports } from './reports.js';
import type { RoomQueue } from './room-queue.js';
import type { Slots } from './slots.js';
import type { StorageIo } from './storage-io.js';
import type { StorageTier } from './storage-tier.js';
import type { WriteBehind } from './write-behind.js';

/** What the tasks of one store work on. */
export interface StoreParts {
  readonly geometry: Geometry;
  readonly reports: Reports;
  readonly delays: Delays;
  readonly l0: MemoryTier;
  readonly l1: MemoryTier;
  /** Waits for slots of L1. */
  readonly room: RoomQueue;
  readonly storage: StorageTier;
  readonly io: StorageIo;
  readonly writes: WriteBehind;
  /** Tasks of whole blocks under way, and those that wait for their turn. */
  readonly tasks: Slots;
  /**
   * Those of batches, one layer each. They have their slots of L1 already and must not queue behind tasks that
   * wait for the very slots that a batch gives back when it is over.
   */
  readonly layerTasks: Slots;
  /** Tasks that got their turn. */
  readonly begun: { tasks: number };
  /** Tasks picked up and not ended. */
  readonly active: Record<TaskOperation, number>;
}
