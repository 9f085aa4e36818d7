import { type FileHandle, open, stat } from 'node:fs/promises';
import { numberOption } from '@kvscope/core';
import { LineFeed } from './line-feed.js';
import { type LineSourceOptions, type LineTarget, lineSettings } from './line-options.js';

export interface FollowOptions extends LineSourceOptions {
  /** Begin at the end of a file that is there already. Default: false, at its beginning. */
  readonly fromEnd?: boolean;
  /** How often the file is looked at. ms. Default: 250. */
  readonly intervalMs?: number;
}

/** A file that is being followed. */
export interface FollowedFile {
  /** Reads what has been added, now. */
  poll(): Promise<void>;
  /** Stops following, after what is being read. */
  close(): Promise<void>;
}

const CHUNK_BYTES = 64 * 1024;

/**
 * Feeds a growing file to an ingest, line by line, through rotations: a file that was replaced is read to its end
 * before the new one is begun, and one that was cut short is read from its beginning. A file that is not there yet is
 * waited for. `statistics.connected` tells whether there is one.
 * @throws RangeError when an option is outside its range
 */
export function followFile(path: string, target: LineTarget, options: FollowOptions = {}): FollowedFile {
  const { clock, maxLineBytes } = lineSettings(options);
  const interval = numberOption('intervalMs', options.intervalMs, 250, 1, 3_600_000);
  const follower = new Follower(
    path,
    target,
    new LineFeed(target, clock, maxLineBytes),
    options.fromEnd ?? false,
  );
  let turn: Promise<void> = Promise.resolve();
  let closed = false;
  // One look after the other: two would read the same bytes.
  const poll = (): Promise<void> => {
    if (!closed) turn = turn.then(() => follower.look());
    return turn;
  };
  let waiting = false;
  const stop = clock.every(interval, () => {
    if (waiting) return;
    waiting = true;
    void poll().finally(() => {
      waiting = false;
    });
  });
  void poll();
  return {
    poll,
    async close() {
      stop();
      closed = true;
      await turn;
      await follower.close();
    },
  };
}

class Follower {
  readonly #path: string;
  readonly #target: LineTarget;
  readonly #feed: LineFeed;
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #handle: FileHandle | undefined;
  #inode = 0;
  #position = 0;
  /** Applies to a file that is there at the first look, not to those that replace it. */
  #fromEnd: boolean;

  constructor(path: string, target: LineTarget, feed: LineFeed, fromEnd: boolean) {
    this.#path = path;
    this.#target = target;
    this.#feed = feed;
    this.#fromEnd = fromEnd;
  }

  /** Never rejects: a file that cannot be read is one that is not there, until it can. */
  async look(): Promise<void> {
    try {
      await this.#read();
      const { ino, size } = await stat(this.#path);
      if (this.#handle !== undefined && ino === this.#inode && size >= this.#position) return;
      await this.#replace(ino === this.#inode);
      await this.#read();
    } catch {
      this.#target.statistics.connected = this.#handle !== undefined;
    } finally {
      this.#fromEnd = false;
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
    this.#target.statistics.connected = false;
  }

  /** @param cut whether it is the same file, cut short */
  async #replace(cut: boolean): Promise<void> {
    const { statistics } = this.#target;
    if (this.#handle !== undefined) {
      // What the old file has since the last read; of one that was cut it is gone.
      if (!cut) await this.#read();
      this.#feed.end();
      await this.#handle.close();
      this.#handle = undefined;
      statistics.reconnects++;
    }
    const handle = await open(this.#path, 'r');
    const { ino, size } = await handle.stat();
    this.#handle = handle;
    this.#inode = ino;
    this.#position = this.#fromEnd ? size : 0;
    statistics.connected = true;
  }

  async #read(): Promise<void> {
    for (;;) {
      const read = await this.#handle?.read(this.#buffer, 0, CHUNK_BYTES, this.#position);
      if (read === undefined || read.bytesRead === 0) return;
      this.#position += read.bytesRead;
      this.#feed.push(this.#buffer.subarray(0, read.bytesRead));
    }
  }
}
