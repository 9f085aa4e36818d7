import { crc32 } from 'node:zlib';
import { CHECKSUM_BYTES, type Geometry, type LayerRange } from './geometry.js';

/*
 * A block's image is what L1 and its file hold: each shard followed by the CRC-32 of its bytes, little endian. The
 * CRC starts from the block's name and the shard's number, so that a shard in the wrong place does not pass either.
 */

/** Where the checksums of a block start from. */
export function checksumSeed(name: string): number {
  return crc32(name);
}

/** Copies layers from L0 bytes into an image, with their checksums. */
export function sealLayers(
  { shards, shardBytes, recordBytes }: Geometry,
  seed: number,
  bytes: Buffer,
  image: Buffer,
  { from, to }: LayerRange,
): void {
  for (let shard = from * shards; shard < to * shards; shard++) {
    const content = bytes.subarray(shard * shardBytes, (shard + 1) * shardBytes);
    content.copy(image, shard * recordBytes);
    image.writeUInt32LE(crc32(content, (seed + shard) >>> 0), shard * recordBytes + shardBytes);
  }
}

/** Whether every shard of these layers has the content that its checksum was made of. */
export function layersIntact(
  { shards, recordBytes }: Geometry,
  seed: number,
  image: Buffer,
  { from, to }: LayerRange,
): boolean {
  for (let shard = from * shards; shard < to * shards; shard++) {
    const end = (shard + 1) * recordBytes - CHECKSUM_BYTES;
    const content = image.subarray(shard * recordBytes, end);
    if (crc32(content, (seed + shard) >>> 0) !== image.readUInt32LE(end)) return false;
  }
  return true;
}

/** Copies layers of an image to L0 bytes, without their checksums. */
export function unsealLayers(
  { shards, shardBytes, recordBytes }: Geometry,
  image: Buffer,
  bytes: Buffer,
  { from, to }: LayerRange,
): void {
  for (let shard = from * shards; shard < to * shards; shard++) {
    const start = shard * recordBytes;
    image.copy(bytes, shard * shardBytes, start, start + shardBytes);
  }
}
