import { integerOption, requireThat } from '@kvscope/core';

/** How a block is cut: `layers x shards` parts of `shardBytes` each. */
export interface BlockShape {
  /** Layers of the model, 1 to 1,024. */
  readonly layers: number;
  /** Shards of one layer (ranks), 1 to 256. Default: 1. */
  readonly shards?: number;
  /** Bytes of one shard, 1 B to 256 MiB. */
  readonly shardBytes: number;
}

/** Consecutive layers: `from` is the first, `to` the one after the last. */
export interface LayerRange {
  readonly from: number;
  readonly to: number;
}

/** Bytes of the checksum that follows each shard in L1 and in files. */
export const CHECKSUM_BYTES = 4;

const MAX_LAYERS = 1024;
const MAX_SHARDS = 256;
const MAX_SHARD_BYTES = 2 ** 28;
/** A block is one buffer and one file: libuv reads and writes at most 2^31 - 1 bytes in one call. */
const MAX_BLOCK_BYTES = 2 ** 31 - 1;

/**
 * Sizes and offsets of a block. Shards stand layer by layer. In L0 a block is its bytes; in L1 and in files each
 * shard is followed by its checksum, so that any run of layers can be read and checked alone.
 */
export interface Geometry {
  readonly layers: number;
  readonly shards: number;
  readonly shardBytes: number;
  readonly shardsPerBlock: number;
  /** Bytes of one layer in L0. */
  readonly layerBytes: number;
  /** Bytes of one block in L0. */
  readonly blockBytes: number;
  /** Bytes of one shard with its checksum. */
  readonly recordBytes: number;
  /** Bytes of one layer with its checksums. */
  readonly layerImageBytes: number;
  /** Bytes of one block with its checksums: a slot of L1, and a file. */
  readonly imageBytes: number;
  readonly all: LayerRange;
}

/** @throws RangeError when a size is outside its range */
export function createGeometry(shape: BlockShape): Geometry {
  const layers = integerOption('block.layers', shape.layers, 1, 1, MAX_LAYERS);
  const shards = integerOption('block.shards', shape.shards, 1, 1, MAX_SHARDS);
  const shardBytes = integerOption('block.shardBytes', shape.shardBytes, 16_384, 1, MAX_SHARD_BYTES);
  const shardsPerBlock = layers * shards;
  const recordBytes = shardBytes + CHECKSUM_BYTES;
  const imageBytes = shardsPerBlock * recordBytes;
  requireThat(
    imageBytes <= MAX_BLOCK_BYTES,
    'block',
    `${layers} x ${shards} x ${shardBytes} B`,
    `layers x shards x (shardBytes + ${CHECKSUM_BYTES}) of at most ${MAX_BLOCK_BYTES} B`,
  );
  return Object.freeze({
    layers,
    shards,
    shardBytes,
    shardsPerBlock,
    layerBytes: shards * shardBytes,
    blockBytes: shardsPerBlock * shardBytes,
    recordBytes,
    layerImageBytes: shards * recordBytes,
    imageBytes,
    all: Object.freeze({ from: 0, to: layers }),
  });
}
