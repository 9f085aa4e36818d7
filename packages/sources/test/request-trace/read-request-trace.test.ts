import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ReadRequestTraceOptions,
  readRequestTrace,
} from '../../src/request-trace/read-request-trace.js';
import { type MalformedLine, TraceFormatError } from '../../src/request-trace/trace-errors.js';
import { formatRequest } from '../../src/request-trace/trace-request.js';
import { ChunkedBytes, collect, every, jsonLine } from './chunked.js';

async function read(bytes: string | Buffer, options: ReadRequestTraceOptions = {}) {
  const refused: MalformedLine[] = [];
  const trace = readRequestTrace(new ChunkedBytes(Buffer.from(bytes)), {
    file: 'trace.jsonl',
    onMalformed: (malformed) => refused.push(malformed),
    ...options,
  });
  const requests = await collect(trace);
  expect(trace.malformed).toBe(refused.length);
  return { requests, refused, lines: requests.map(({ line }) => line) };
}

describe('readRequestTrace', () => {
  it('reads the requests in the order of the lines', async () => {
    const { requests } = await read(`${jsonLine(5, [0, 1])}\n${jsonLine(3, [])}\n`);
    expect(requests).toEqual([
      { timestamp: 5, inputLength: 7, outputLength: 3, hashIds: [0, 1], line: 1 },
      { timestamp: 3, inputLength: 7, outputLength: 3, hashIds: [], line: 2 },
    ]);
  });

  it('reads what formatRequest wrote', async () => {
    const request = {
      timestamp: 12.25,
      inputLength: 1025,
      outputLength: 9,
      hashIds: [0, 3, 2 ** 40],
      line: 1,
    };
    expect((await read(formatRequest(request))).requests).toEqual([request]);
  });

  it.each(['', '\n', '\r\n \t\n', '\ufeff', '\ufeff\r\n'])('finds no request in %j', async (text) => {
    expect(await read(text)).toMatchObject({ requests: [], refused: [] });
  });

  it('allows CRLF, blank lines, a byte order mark and no newline at the end, and counts every line', async () => {
    const { lines, refused } = await read(`\ufeff${jsonLine(0)}\r\n\r\n  \n${jsonLine(1)}`);
    expect({ lines, refused }).toEqual({ lines: [1, 4], refused: [] });
  });

  it('allows a byte order mark in no other place', async () => {
    const { lines, refused } = await read(`${jsonLine(0)}\n\ufeff${jsonLine(1)}`);
    expect(lines).toEqual([1]);
    expect(refused).toMatchObject([{ line: 2 }]);
  });

  it('reports what is malformed with file, line and reason, and reads the rest', async () => {
    const invalid = Buffer.from([0x22, 0xc3, 0x28, 0x22, 0x0a]);
    const bytes = Buffer.concat([
      Buffer.from(`${jsonLine(0, [0, 1, 2, -1])}\n${jsonLine(1)}\nnothing\n`),
      invalid,
      Buffer.from(`${' '.repeat(90)}${jsonLine(2)}\n${jsonLine(3)}\n`),
    ]);
    const { lines, refused } = await read(bytes, { maxLineBytes: 80 });
    expect(lines).toEqual([2, 6]);
    expect(refused).toEqual([
      {
        file: 'trace.jsonl',
        line: 1,
        reason: 'hash_ids[3] is -1; expected a whole number from 0 to 9007199254740991',
      },
      { file: 'trace.jsonl', line: 3, reason: expect.stringMatching(/^not valid JSON: /) },
      { file: 'trace.jsonl', line: 4, reason: 'not valid UTF-8' },
      { file: 'trace.jsonl', line: 5, reason: 'longer than 80 bytes' },
    ]);
  });

  it('throws at the first malformed line when strict, after the requests before it', async () => {
    const refused: MalformedLine[] = [];
    const trace = readRequestTrace(new ChunkedBytes(Buffer.from(`${jsonLine(0)}\n{}\n{}\n`)), {
      file: 'trace.jsonl',
      strict: true,
      onMalformed: (malformed) => refused.push(malformed),
    });
    const timestamps: number[] = [];
    const reading = (async () => {
      for await (const { timestamp } of trace) timestamps.push(timestamp);
    })();
    await expect(reading).rejects.toThrow(
      new TraceFormatError({
        file: 'trace.jsonl',
        line: 2,
        reason: 'timestamp is missing; expected a finite number of ms, 0 or more',
      }),
    );
    await expect(reading).rejects.toThrow(/^trace\.jsonl:2: timestamp is missing/);
    expect({ timestamps, refused, malformed: trace.malformed }).toEqual({
      timestamps: [0],
      refused: [],
      malformed: 1,
    });
  });

  it('reads the same however the bytes are cut, plain and gzipped', async () => {
    const text = `\ufeff{"é🙂":"漢字",${jsonLine(0, [1, 22]).slice(1)}\r\n\n{"é":\n${jsonLine(7, [333])}`;
    const whole = await read(text);
    expect(whole.lines).toEqual([1, 4]);
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.boolean(), async (chunkSizes, gzip) => {
        const bytes = gzip ? gzipSync(text) : Buffer.from(text);
        const requests = await collect(readRequestTrace(new ChunkedBytes(bytes, chunkSizes)));
        expect(requests).toEqual(whole.requests);
      }),
      { numRuns: 60 },
    );
  });

  it('reads ahead no further than a chunk', async () => {
    const line = Buffer.from(`${jsonLine(0)}\n`);
    let chunks = 0;
    async function* endless() {
      for (;;) {
        chunks++;
        yield line;
      }
    }
    let requests = 0;
    for await (const _ of readRequestTrace(endless())) {
      requests++;
      // One more than was read: the first two bytes are looked at before the rest.
      expect(chunks).toBeLessThanOrEqual(requests + 1);
      if (requests === 100) break;
    }
  });

  it('reads ahead in gzip no further than the buffers of the decompression', async () => {
    const text = Array.from({ length: 60_000 }, (_, i) => jsonLine(i, [i * 7919])).join('\n');
    const gzipped = gzipSync(text, { level: 1 });
    expect(gzipped.length).toBeGreaterThan(400_000);
    const bytes = new ChunkedBytes(gzipped, every(1024));
    for await (const _ of readRequestTrace(bytes)) break;
    expect(bytes.pulled).toBeGreaterThan(0);
    expect(bytes.pulled).toBeLessThan(64 * 1024);
  });

  it('tells how many bytes of the input it has read, compressed ones for gzip', async () => {
    const bytes = gzipSync(Array.from({ length: 20_000 }, (_, i) => jsonLine(i, [i * 7919])).join('\n'));
    const progress: number[] = [];
    const trace = readRequestTrace(new ChunkedBytes(bytes, every(1000)), {
      onProgress: (read) => progress.push(read),
    });
    await collect(trace);
    expect(progress.at(-1)).toBe(bytes.length);
    expect(progress).toEqual([...new Set(progress)].sort((a, b) => a - b));
    expect(progress.length).toBeGreaterThan(5);
    expect(trace.bytesRead).toBe(bytes.length);
  });

  it('refuses options outside their range', () => {
    expect(() => readRequestTrace('x', { maxLineBytes: 0 })).toThrow(/^maxLineBytes is 0; allowed: /);
  });

  it('can be iterated once', async () => {
    const trace = readRequestTrace(new ChunkedBytes(Buffer.from(jsonLine(0))));
    expect(await collect(trace)).toHaveLength(1);
    expect(await collect(trace)).toHaveLength(0);
  });
});
