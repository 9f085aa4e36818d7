/** What can stand in a {@link Chain}: at most one at a time. */
export interface Linked<T> {
  older: T | undefined;
  newer: T | undefined;
}

/** Records in the order they were added, linked through themselves: adding, removing and finding the oldest are O(1). */
export class Chain<T extends Linked<T>> {
  oldest: T | undefined;
  #newest: T | undefined;

  add(record: T): void {
    record.older = this.#newest;
    record.newer = undefined;
    if (this.#newest === undefined) this.oldest = record;
    else this.#newest.newer = record;
    this.#newest = record;
  }

  remove(record: T): void {
    if (record.older === undefined) this.oldest = record.newer;
    else record.older.newer = record.newer;
    if (record.newer === undefined) this.#newest = record.older;
    else record.newer.older = record.older;
    record.older = undefined;
    record.newer = undefined;
  }

  renew(record: T): void {
    if (record === this.#newest) return;
    this.remove(record);
    this.add(record);
  }
}
