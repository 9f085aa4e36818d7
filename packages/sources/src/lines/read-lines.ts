import { LineFeed } from './line-feed.js';
import { type LineSourceOptions, type LineTarget, lineSettings } from './line-options.js';

/**
 * Feeds a stream such as `process.stdin` to an ingest, line by line, until it ends. The stream is pulled: a writer
 * that is faster than the bus waits, and nothing is dropped.
 * @throws RangeError when an option is outside its range
 * @throws the stream's own error
 */
export async function readLines(
  stream: AsyncIterable<Uint8Array>,
  target: LineTarget,
  options: LineSourceOptions = {},
): Promise<void> {
  const { clock, maxLineBytes } = lineSettings(options);
  const feed = new LineFeed(target, clock, maxLineBytes);
  target.statistics.connected = true;
  try {
    for await (const chunk of stream) {
      feed.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    }
    feed.end();
  } finally {
    target.statistics.connected = false;
  }
}
