import type { BlockKey, ErrorType } from '@kvscope/core';
import type { Link } from './chain.js';

/** Settles when a layer has been filled; with the reason when it could not be. Never rejects. */
export type Fill = Promise<ErrorType | undefined>;

/** A block that holds a slot of L0 or L1, from the moment it is given the slot until the slot is free again. */
export class HeldBlock implements Link<HeldBlock> {
  readonly key: BlockKey;
  readonly slot: number;
  /** False for a private copy: somebody else's block has the key already. */
  readonly indexed: boolean;
  /** Tasks, batches, requests and writes that need it to stay. */
  pins = 1;
  /** Those of {@link pins} that the user took and has to release. */
  userPins = 0;
  /** Each layer: absent, being filled, or there. */
  readonly layers: (Fill | true | undefined)[];
  /** All layers are there and lookups find it. */
  readable = false;
  /** The user writes its content; a load must neither fill nor wait for it. */
  computing = false;
  /** It waits for its write to L2, or the write is under way. */
  writing = false;
  older: HeldBlock | undefined;
  newer: HeldBlock | undefined;

  constructor(key: BlockKey, slot: number, layers: number, indexed: boolean) {
    this.key = key;
    this.slot = slot;
    this.indexed = indexed;
    this.layers = new Array<Fill | true | undefined>(layers).fill(undefined);
  }

  get whole(): boolean {
    return this.layers.every((layer) => layer === true);
  }
}
