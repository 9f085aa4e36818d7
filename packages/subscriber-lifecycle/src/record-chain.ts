import * as layout from './records.js';

// What is imported is looked up at each use, and checked; constants of this file are part of the compiled code.
const { linksAt, NONE } = layout;

/** Records in the order they were added, linked to each other. A record is in one chain at most. */
export class RecordChain {
  oldest = NONE;
  size = 0;
  readonly #records: layout.BlockRecords;
  #newest = NONE;

  constructor(records: layout.BlockRecords) {
    this.#records = records;
  }

  add(record: number): void {
    const before = this.#newest;
    const { links } = this.#records.chunkOf(record);
    const at = linksAt(record);
    links[at] = before;
    links[at + 1] = NONE;
    if (before === NONE) this.oldest = record;
    else this.#records.chunkOf(before).links[linksAt(before) + 1] = record;
    this.#newest = record;
    this.size++;
  }

  remove(record: number): void {
    const { links } = this.#records.chunkOf(record);
    const at = linksAt(record);
    const older = links[at] as number;
    const newer = links[at + 1] as number;
    if (older === NONE) this.oldest = newer;
    else this.#records.chunkOf(older).links[linksAt(older) + 1] = newer;
    if (newer === NONE) this.#newest = older;
    else this.#records.chunkOf(newer).links[linksAt(newer)] = older;
    this.size--;
  }
}
