import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { interruptible } from '../interruptible.js';
import { gunzipIfCompressed } from './gunzip.js';

/** Where a trace is read from: a path, or a stream of bytes such as `process.stdin`. */
export type TraceInput = string | AsyncIterable<Uint8Array>;

const CHUNK_BYTES = 64 * 1024;

/**
 * The bytes of a trace, decompressed. The file or stream is closed on every way out.
 * @param onRead called with the size of each chunk as it is on disk or on the wire. By
 */
export async function* traceBytes(
  input: TraceInput,
  onRead: (bytes: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  if (typeof input !== 'string') {
    try {
      yield* gunzipIfCompressed(counted(interruptible(input, signal), onRead));
    } finally {
      if (input instanceof Readable) input.destroy();
    }
    return;
  }
  const handle = await open(input, 'r');
  try {
    yield* gunzipIfCompressed(counted(fileChunks(handle, signal), onRead));
  } finally {
    await handle.close();
  }
}

/** Plain reads: a FileHandle's own stream closes the handle at a time of its own. */
async function* fileChunks(handle: FileHandle, signal: AbortSignal | undefined) {
  for (;;) {
    signal?.throwIfAborted();
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) {
      throw new TypeError(
        `a chunk is of type ${typeof chunk}; expected bytes: set no encoding on the stream`,
      );
    }
    onRead(chunk.length);
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  }
}
