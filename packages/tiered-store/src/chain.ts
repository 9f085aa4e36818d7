/** What a {@link Chain} links through; an object is in one chain at most. */
export interface Link<T> {
  older: T | undefined;
  newer: T | undefined;
}

/** Least recently used first, linked through its members: each step is O(1), and nothing is allocated. */
export class Chain<T extends Link<T>> {
  oldest: T | undefined;
  size = 0;
  #newest: T | undefined;

  add(member: T): void {
    member.older = this.#newest;
    member.newer = undefined;
    if (this.#newest === undefined) this.oldest = member;
    else this.#newest.newer = member;
    this.#newest = member;
    this.size++;
  }

  remove(member: T): void {
    if (member.older === undefined) this.oldest = member.newer;
    else member.older.newer = member.newer;
    if (member.newer === undefined) this.#newest = member.older;
    else member.newer.older = member.older;
    member.older = undefined;
    member.newer = undefined;
    this.size--;
  }

  renew(member: T): void {
    if (member === this.#newest) return;
    this.remove(member);
    this.add(member);
  }
}
