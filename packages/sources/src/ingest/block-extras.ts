import type { BlockList } from '../decode/block-list.js';

/** What few blocks have and a slot has no room for. */
export interface BlockExtra {
  readonly name: string | undefined;
  readonly group: number;
  readonly saltLo: number;
  readonly saltHi: number;
  /** References in each tier over those that the slot counts; made when the first comes. */
  over: [number, number, number] | undefined;
}

/** The extras of a table's blocks, at places that a slot can hold. */
export class BlockExtras {
  readonly #extras: (BlockExtra | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#extras.length - this.#free.length;
  }

  at(place: number): BlockExtra {
    return this.#extras[place] as BlockExtra;
  }

  /** The place of a new one, for a block of a list. */
  add(blocks: BlockList, at: number, group: number): number {
    const place = this.#free.pop() ?? this.#extras.length;
    this.#extras[place] = {
      name: blocks.nameAt(at),
      group,
      saltLo: blocks.saltLo[at] as number,
      saltHi: blocks.saltHi[at] as number,
      over: undefined,
    };
    return place;
  }

  remove(place: number): void {
    this.#extras[place] = undefined;
    this.#free.push(place);
  }

  clear(): void {
    this.#extras.length = 0;
    this.#free.length = 0;
  }
}
