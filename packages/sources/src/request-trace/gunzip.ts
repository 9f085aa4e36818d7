import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** The first two bytes of a gzip file (RFC 1952, section 2.3.1). */
const MAGIC = Buffer.from([0x1f, 0x8b]);

/**
 * The bytes, decompressed where they begin as gzip does; a file's name says nothing about it.
 * Throws zlib's own errors for truncated and corrupt data, after what could be decompressed before.
 */
export async function* gunzipIfCompressed(
  bytes: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  const whole = withWholeMagic(bytes);
  const first = await whole.next();
  if (first.done === true) return;
  const all = startingWith(first.value, whole);
  yield* first.value.indexOf(MAGIC) === 0 ? gunzip(all) : all;
}

function gunzip(compressed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const inflater = createGunzip();
  // Its failure comes out of iterating the inflater, and leaving that iteration ends it. It is not awaited: it may
  // be stuck in a stream that sends nothing, and whoever opened the bytes closes them.
  pipeline(compressed, inflater).catch(() => {});
  return inflater;
}

/** The same bytes with a first chunk that has two bytes, if there are two. */
async function* withWholeMagic(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length < MAGIC.length) continue;
    yield head;
    head = undefined;
  }
  if (head !== undefined && head.length > 0) yield head;
}

async function* startingWith(
  first: Buffer,
  rest: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return();
  }
}
