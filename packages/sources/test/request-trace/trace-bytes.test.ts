import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ReadRequestTraceOptions,
  readRequestTrace,
} from '../../src/request-trace/read-request-trace.js';
import { TraceFormatError, TraceReadError } from '../../src/request-trace/trace-errors.js';
import { ChunkedBytes, collect, jsonLine } from './chunked.js';

const TEXT = `${Array.from({ length: 20_000 }, (_, i) => jsonLine(i, [i])).join('\n')}\n`;
const DESCRIPTORS = '/proc/self/fd';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'kvscope-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function openDescriptors(path: string): number {
  return readdirSync(DESCRIPTORS).filter((descriptor) => {
    try {
      return readlinkSync(join(DESCRIPTORS, descriptor)) === path;
    } catch {
      return false;
    }
  }).length;
}

async function* stuckAfter(bytes: Buffer) {
  yield bytes;
  await new Promise(() => {});
}

describe('the bytes of a trace', () => {
  it('come from a plain or a gzipped file, whatever its name', async () => {
    const plain = file('plain.gz', TEXT);
    const gzipped = file('gzipped.jsonl', gzipSync(TEXT));
    const first = await collect(readRequestTrace(plain));
    expect(first).toHaveLength(20_000);
    expect(await collect(readRequestTrace(gzipped))).toEqual(first);
  });

  it('come from gzip members one after the other', async () => {
    const half = TEXT.length / 2;
    const members = Buffer.concat([gzipSync(TEXT.slice(0, half)), gzipSync(TEXT.slice(half))]);
    expect(await collect(readRequestTrace(file('members.gz', members)))).toHaveLength(20_000);
  });

  it('come from a stream', async () => {
    expect(await collect(readRequestTrace(Readable.from([gzipSync(TEXT)])))).toHaveLength(20_000);
  });

  it.each([
    ['nothing', Buffer.alloc(0), 0],
    ['the first byte of the gzip magic', Buffer.from([0x1f]), 1],
  ])('may be %s', async (_, bytes, malformed) => {
    const trace = readRequestTrace(file('short', bytes));
    expect(await collect(trace)).toEqual([]);
    expect(trace.malformed).toBe(malformed);
  });

  it('fail with the name of the file when its gzip is truncated, after the requests before', async () => {
    const gzipped = gzipSync(TEXT);
    const path = file('truncated.gz', gzipped.subarray(0, gzipped.length / 2));
    let requests = 0;
    const reading = (async () => {
      for await (const _ of readRequestTrace(path)) requests++;
    })();
    await expect(reading).rejects.toThrow(TraceReadError);
    await expect(reading).rejects.toThrow(`${path}: the gzip data ends too early; is the file truncated?`);
    expect(requests).toBeGreaterThan(5000);
  });

  it('fail with the name of the file when its gzip is corrupt', async () => {
    const gzipped = gzipSync(TEXT);
    const checksum = gzipped.length - 8;
    gzipped[checksum] = (gzipped[checksum] as number) ^ 0xff;
    const path = file('corrupt.gz', gzipped);
    await expect(collect(readRequestTrace(path))).rejects.toThrow(
      `${path}: the gzip data is corrupt: incorrect data check`,
    );
  });

  it('fail with the name of a file that is not there or is a folder', async () => {
    const missing = join(folder, 'missing.jsonl');
    await expect(collect(readRequestTrace(missing))).rejects.toThrow(`${missing}: cannot be read: ENOENT`);
    await expect(collect(readRequestTrace(folder))).rejects.toThrow(`${folder}: cannot be read: EISDIR`);
  });

  it('fail with the name and the cause of a stream that fails, plain or gzipped', async () => {
    const cause = new Error('unplugged');
    for (const bytes of [Buffer.from(TEXT), gzipSync(TEXT)]) {
      async function* failing() {
        yield bytes.subarray(0, 1000);
        throw cause;
      }
      const reading = collect(readRequestTrace(failing(), { file: 'stdin' }));
      await expect(reading).rejects.toMatchObject({ message: 'stdin: cannot be read: unplugged', cause });
    }
  });

  it('are not text', async () => {
    const encoded = Readable.from([Buffer.from(TEXT)]).setEncoding('utf8');
    await expect(collect(readRequestTrace(encoded))).rejects.toThrow(/^-: cannot be read: .*set no encoding/);
  });
});

describe.each([
  ['plain', Buffer.from(TEXT)],
  ['gzipped', gzipSync(TEXT)],
])('a %s trace', (kind, bytes) => {
  const readFirst = async (input: string | AsyncIterable<Uint8Array>, options?: ReadRequestTraceOptions) => {
    for await (const request of readRequestTrace(input, options)) return request;
    return undefined;
  };

  it.skipIf(!existsSync(DESCRIPTORS))('is closed on every way out', async () => {
    const path = file(`closed-${kind}`, bytes);
    const openWithin: number[] = [];
    await readFirst(path, { onProgress: () => openWithin.push(openDescriptors(path)) });
    expect(openWithin[0]).toBe(1);
    expect(openDescriptors(path)).toBe(0);

    const thrown = new Error('from the loop');
    const throwing = async () => {
      for await (const _ of readRequestTrace(path)) throw thrown;
    };
    await expect(throwing()).rejects.toBe(thrown);
    expect(openDescriptors(path)).toBe(0);

    const controller = new AbortController();
    const aborting = async () => {
      for await (const _ of readRequestTrace(path, { signal: controller.signal })) controller.abort(thrown);
    };
    await expect(aborting()).rejects.toBe(thrown);
    expect(openDescriptors(path)).toBe(0);

    const malformed = file(`malformed-${kind}`, kind === 'plain' ? '{}\n' : gzipSync('{}\n'));
    await expect(readFirst(malformed, { strict: true })).rejects.toThrow(TraceFormatError);
    expect(openDescriptors(malformed)).toBe(0);
  });

  it('can be left while its stream sends nothing more', async () => {
    expect(await readFirst(stuckAfter(bytes))).toMatchObject({ timestamp: 0 });
    const stream = new PassThrough();
    stream.write(bytes.subarray(0, 20_000));
    expect(await readFirst(stream)).toMatchObject({ timestamp: 0 });
    expect(stream.destroyed).toBe(true);
  });

  it('can be aborted while its stream sends nothing more', async () => {
    const stream = new PassThrough();
    stream.write(bytes.subarray(0, 20_000));
    for (const input of [stream, stuckAfter(bytes.subarray(0, 20_000))]) {
      const controller = new AbortController();
      const reading = collect(readRequestTrace(input, { signal: controller.signal }));
      const reason = new Error('enough');
      setImmediate(() => controller.abort(reason));
      await expect(reading).rejects.toBe(reason);
    }
    expect(stream.destroyed).toBe(true);
  });

  it('is not opened when its signal was aborted before', async () => {
    const chunks = new ChunkedBytes(bytes);
    const signal = AbortSignal.abort();
    await expect(readFirst(chunks, { signal })).rejects.toBe(signal.reason);
    expect(chunks.pulled).toBe(0);
    await expect(readFirst(file(`aborted-${kind}`, bytes), { signal })).rejects.toBe(signal.reason);
  });
});
