import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const CHUNK_CHARACTERS = 64 * 1024;

/** Writes lines to standard output as fast as its reader takes them. @returns how many there were */
export async function writeLines(lines: Iterable<string>): Promise<number> {
  let count = 0;
  function* chunks() {
    let chunk = '';
    for (const line of lines) {
      chunk += `${line}\n`;
      count++;
      if (chunk.length < CHUNK_CHARACTERS) continue;
      yield chunk;
      chunk = '';
    }
    if (chunk !== '') yield chunk;
  }
  await pipeline(Readable.from(chunks()), process.stdout, { end: false });
  return count;
}
