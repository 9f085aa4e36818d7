import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { ScriptedClock } from '@kvscope/core/testing';
import { describe, expect, it } from 'vitest';
import { openTrace, replayEvents } from '../../src/index.ts';
import { listen } from '../ingest/setup.ts';

const stored = (time: number, key: string, more = {}) =>
  `${JSON.stringify({ event: 'block.stored', tier: 'l1', keys: [key], cause: 'computed', time, ...more })}\n`;
const REQUEST = '{"timestamp": 0, "input_length": 1, "output_length": 1, "hash_ids": [0]}\n';

async function text(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
const chunked = (content: string | Uint8Array, size: number) => {
  const bytes = Buffer.from(content as string);
  return Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    ),
  );
};

describe('a trace tells by its first line what it is', () => {
  it.each([
    ['requests', REQUEST],
    ['events', stored(1, '1')],
    ['events', `\uFEFF\n\r\n${stored(1, '1').trimEnd()}`],
    ['requests', 'no json'],
    ['requests', ''],
  ] as const)('%s: %j', async (kind, content) => {
    for (const size of [1, 7, 1000]) {
      for (const input of [content, gzipSync(content)]) {
        const trace = await openTrace(chunked(input, size), { file: '-' });
        expect(trace.kind).toBe(kind);
        expect(await text(trace.bytes)).toBe(content);
        expect(trace.bytesRead).toBe(Buffer.byteLength(input));
      }
    }
  });

  it('and says which file cannot be read', async () => {
    await expect(openTrace('/nowhere', { file: 'my trace' })).rejects.toThrow(/^my trace: cannot be read/);
  });
});

describe('events', () => {
  it('are published in order on sources that are not live, and wrong lines are told', async () => {
    const { bus, heard } = listen();
    const live: boolean[] = [];
    bus.subscribe('block.stored', 'test', ({ source }) => void live.push(source.live));
    const malformed: [number, string][] = [];
    const content = `${stored(1, '1', { source: { name: 'a', live: true } })}nothing\n\n${stored(2, '2')}`;
    const result = await replayEvents(chunked(content, 10), {
      bus,
      onMalformed: (line, reason) => malformed.push([line, reason]),
    });
    expect(result).toEqual({ events: 2, malformed: 1, interrupted: false });
    expect(malformed).toEqual([[2, 'not an event of the catalog (invalid)']]);
    expect(heard).toHaveLength(2);
    expect(live).toEqual([false, false]);
  });

  it('come at the speed that is asked for, by their own times', async () => {
    const { bus } = listen();
    const clock = new ScriptedClock();
    const start = clock.now();
    const at: number[] = [];
    await replayEvents(chunked(stored(5000, '1') + stored(7000, '2') + stored(6000, '3'), 50), {
      bus,
      clock,
      speed: 2,
      wait: async (ms) => clock.advance(ms),
      onEvent: () => at.push(clock.now() - start),
    });
    expect(at).toEqual([0, 1000, 1000]);
  });

  it('end between two of them when the signal says so', async () => {
    const { bus } = listen();
    const interrupt = new AbortController();
    const result = await replayEvents(chunked(stored(1, '1') + stored(2, '2'), 1000), {
      bus,
      signal: interrupt.signal,
      onEvent: () => interrupt.abort(),
    });
    expect(result).toEqual({ events: 1, malformed: 0, interrupted: true });
  });
});
