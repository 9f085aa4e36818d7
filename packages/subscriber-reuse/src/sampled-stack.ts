import { BlockTable } from './block-table.js';
import { FAR, type Followed, PART, UNKNOWN } from './followed.js';
import { Holes } from './holes.js';

const HASH_RANGE = 2 ** 32;
/** What is left of the sampled hashes when there are too many blocks. */
const LOWERED = 7 / 8;
/** At most this part of the blocks is hot ones. */
const HOT_PART = 1 / 8;
/** At least twice as many as are followed at a time, see {@link PART}. */
const LEAST_POSITIONS = 1024;
const UNLIMITED = 2 ** 31 - 1;
const SIGN = 2 ** 31;

/**
 * The sampled blocks of an LRU stack in the order of their last reference, and how many lie above each: the distance
 * that a reference reuses its block at (SHARDS: C. Waldspurger et al., FAST 2015). A block is sampled by the hash of
 * its key, so that a part of the blocks stands for all of them and the distances scale with the rate. When there are
 * more than `maxBlocks` the rate is lowered, and blocks that are not sampled at the new one are dropped.
 *
 * Hot blocks are followed whether they are sampled or not; those that are not have a position, but do not count.
 */
export class SampledStack {
  readonly #maxBlocks: number;
  readonly #table = new BlockTable(LEAST_POSITIONS - 1);
  /** 1 at positions that are a block's latest. */
  #live = new Uint8Array(LEAST_POSITIONS);
  /** Positions that a sampled block left, or never had: what lies above a block is all behind it but these. */
  #holes = new Holes(LEAST_POSITIONS);
  /** Scratch: positions of blocks to be dropped. */
  readonly #toDrop = new Int32Array(PART);
  #oldest = 1;
  #next = 1;
  #sampled = 0;
  #hotBlocks = 0;
  #threshold = 0;
  #scale = 0;
  /** The last hash that is sampled, with its sign turned: whole numbers with a sign are compared without a conversion. */
  #lastSampled = 0;
  #maxDepth = Number.POSITIVE_INFINITY;
  /** Sampled blocks that there may be, from the depth and the rate. */
  #most = UNLIMITED;
  #bottomed = false;
  #topIsHot = 0;

  readonly #onDropped: (blocks: number) => void;

  /**
   * @param rate share of blocks sampled at first, above 0 to 1
   * @param maxBlocks blocks followed at once
   * @param onDropped told how many blocks were let go because the rate was lowered
   */
  constructor(rate: number, maxBlocks: number, onDropped: (blocks: number) => void = () => undefined) {
    this.#maxBlocks = maxBlocks;
    this.#onDropped = onDropped;
    this.#sampleBelow(rate * HASH_RANGE);
  }

  /** The last hash that is sampled, as a whole number with its sign turned. */
  get lastSampled(): number {
    return this.#lastSampled;
  }

  /** Share of blocks sampled now. */
  get rate(): number {
    return this.#threshold / HASH_RANGE;
  }

  /** Blocks that a sampled one stands for. {block} */
  get scale(): number {
    return this.#scale;
  }

  /** Sampled blocks now. {block} */
  get sampled(): number {
    return this.#sampled;
  }

  /** Blocks followed now: those sampled and those hot. {block} */
  get size(): number {
    return this.#table.size;
  }

  /** Whether the stack was once as deep as it may be: from then on what is not in it is farther away. */
  get bottomed(): boolean {
    return this.#bottomed;
  }

  /** Lets go of what lies deeper than any distance of interest. @param depth blocks, 1 or more, unscaled */
  limit(depth: number): void {
    this.#maxDepth = depth;
    this.#setMost();
    this.#trim();
  }

  /** Something of where a block is looked for: asking for it ahead of {@link follow} brings the memory near. */
  touch(hash: number): number {
    return this.#table.touch(hash);
  }

  /**
   * Moves blocks to the top, in the order of their references, and tells of each its distance and whether it is followed
   * as a hot one.
   * @param from the first of the references
   * @returns how many were followed: all, or those up to the one that the rate was lowered for
   */
  follow(followed: Followed, from: number): number {
    const { hashes, checks, hot, distances, asHot, size } = followed;
    this.#makePositions(size - from);
    const { scale } = this;
    let at = from;
    while (at < size && this.#scale === scale) {
      distances[at] = this.#reference(hashes[at] as number, checks[at] as number, hot[at] as number);
      asHot[at] = this.#topIsHot;
      at++;
    }
    this.#trim();
    return at;
  }

  /** Hot blocks that are hot no more are followed on if they are sampled, and no longer if not. */
  cool(stillHot: (hash: number) => boolean): void {
    const table = this.#table;
    let place = table.nextHot(0);
    while (place >= 0) {
      const position = table.positionAt(place);
      const hash = table.hashAt(position);
      if (stillHot(hash >>> 0)) place = table.nextHot(place + 1);
      else {
        table.mark(place, false);
        this.#hotBlocks--;
        if (!this.#isSampled(hash)) this.#remove(place, hash, position);
        // Once more from the same place: another block may have moved there.
        place = table.nextHot(place);
      }
    }
  }

  /** Forgets every block, as when a tier was cleared. @returns how many */
  clear(): number {
    const { size } = this;
    this.#each((place, hash, position) => this.#remove(place, hash, position));
    return size;
  }

  /** @returns sampled blocks above it until now; {@link FAR} when it was not there, {@link UNKNOWN} when it is not followed */
  #reference(hash: number, check: number, hot: number): number {
    const table = this.#table;
    const place = table.find(hash, check);
    if (place < 0) return this.#begin(hash, check, hot, place);
    if (hot > table.hotAt(place)) this.#heat(place);
    const from = table.positionAt(place);
    const to = this.#place();
    table.moveTo(place, to);
    this.#topIsHot = table.hotAt(place);
    this.#live[from] = 0;
    const between = to - from - 1;
    if (this.#isSampled(hash)) return between - this.#holes.add(from);
    this.#holes.add(to);
    return between - this.#holes.behind(from) + 1;
  }

  #begin(hash: number, check: number, hot: number, absent: number): number {
    const follow = hot === 1 && this.#hotBlocks < this.#maxBlocks * HOT_PART;
    let free = absent;
    if (this.size === this.#maxBlocks && (follow || this.#isSampled(hash))) {
      this.#trim();
      while (this.size === this.#maxBlocks && (follow || this.#isSampled(hash))) this.#lower();
      free = this.#table.find(hash, check);
    }
    const sampled = this.#isSampled(hash);
    if (!sampled && !follow) return UNKNOWN;
    const position = this.#place();
    const place = this.#table.add(hash, check, position, free);
    if (follow) this.#heat(place);
    this.#topIsHot = Number(follow);
    if (sampled) this.#sampled++;
    else this.#holes.add(position);
    // A hot block that was not sampled may have been there, nobody knows where.
    return sampled ? FAR : UNKNOWN;
  }

  #heat(place: number): void {
    if (this.#hotBlocks >= this.#maxBlocks * HOT_PART) return;
    this.#table.mark(place, true);
    this.#hotBlocks++;
  }

  #lower(): void {
    const before = this.#threshold;
    const { size } = this;
    this.#sampleBelow(Math.max(1, Math.floor(before * LOWERED)));
    this.#setMost();
    this.#each((place, hash, position) => {
      if (this.#isSampled(hash) || hash >>> 0 >= before) return;
      this.#holes.add(position);
      this.#sampled--;
      // Not sampled by now, so that it is not counted out twice.
      if (this.#table.hotAt(place) === 0) this.#remove(place, hash, position);
    });
    this.#onDropped(size - this.size);
  }

  /** Drops the oldest blocks as long as there are more than the depth asks for. */
  #trim(): void {
    const live = this.#live;
    const oldest = this.#toDrop;
    while (this.#sampled > this.#most) {
      const count = Math.min(this.#sampled - this.#most, oldest.length);
      let position = this.#oldest;
      // What lives is counted without a branch, which would be a guess.
      for (let found = 0; found < count; position++) {
        oldest[found] = position;
        found += live[position] as number;
      }
      this.#oldest = position;
      this.#bottomed = true;
      for (let i = 0; i < count; i++) {
        const dropped = oldest[i] as number;
        // No hole: nobody asks any more what is behind something older.
        this.#drop(this.#table.findAt(dropped), this.#table.hashAt(dropped), dropped);
      }
    }
  }

  #setMost(): void {
    this.#most = Math.min(UNLIMITED, Math.floor(Math.max(1, this.#maxDepth * this.rate)));
  }

  #sampleBelow(threshold: number): void {
    this.#threshold = threshold;
    this.#scale = HASH_RANGE / threshold;
    this.#lastSampled = (Math.ceil(threshold) - 1) ^ SIGN;
  }

  #isSampled(hash: number): boolean {
    return (hash ^ SIGN) <= this.#lastSampled;
  }

  /** Gives a block the next position, of which there has to be one: see {@link #makePositions}. */
  #place(): number {
    const position = this.#next++;
    this.#live[position] = 1;
    return position;
  }

  #remove(place: number, hash: number, position: number): void {
    if (this.#isSampled(hash)) this.#holes.add(position);
    this.#drop(place, hash, position);
  }

  #drop(place: number, hash: number, position: number): void {
    this.#live[position] = 0;
    if (this.#isSampled(hash)) this.#sampled--;
    this.#hotBlocks -= this.#table.hotAt(place);
    this.#table.remove(place);
  }

  /** Calls `visit` for each block, from the one referenced longest ago; it may remove that one. */
  #each(visit: (place: number, hash: number, position: number) => void): void {
    for (let position = this.#oldest; position < this.#next; position++) {
      if (this.#live[position] === 0) continue;
      visit(this.#table.findAt(position), this.#table.hashAt(position), position);
    }
  }

  #makePositions(count: number): void {
    if (this.#next + count > this.#live.length) this.#compact();
  }

  /** Closes the gaps. There are at least four times as many positions as blocks, so that it is seldom needed. */
  #compact(): void {
    const table = this.#table;
    const [live, oldest, next] = [this.#live, this.#oldest, this.#next];
    const positions = Math.max(LEAST_POSITIONS, 2 ** Math.ceil(Math.log2(4 * this.size)));
    if (positions === live.length) this.#holes.clear();
    else {
      table.resize(Math.max(positions, next) - 1);
      this.#live = new Uint8Array(positions);
      this.#holes = new Holes(positions);
    }
    this.#oldest = 1;
    this.#next = 1;
    for (let old = oldest; old < next; old++) {
      if (live[old] === 0) continue;
      // Blocks move towards the beginning only: none is overwritten that has still to move.
      live[old] = 0;
      const place = table.findAt(old);
      const position = this.#place();
      if (!this.#isSampled(table.hashAt(old))) this.#holes.add(position);
      table.moveTo(place, position);
    }
  }
}
