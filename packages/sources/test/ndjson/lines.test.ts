import { createBus, createSource, EVENT_NAMES, type EventMap, type EventName } from '@kvscope/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventLineEncoder, LineIngest, MAX_LINE_SOURCES } from '../../src/index.ts';
import { EVENT_FIELDS, type FieldCheck } from '../../src/ndjson/event-fields.ts';

const time = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const count = fc
  .double({ min: 0, noNaN: true, noDefaultInfinity: true })
  .map((value) => (value === 0 ? 0 : value));
const key = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  time,
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '12',
    's:12',
    's:',
    '',
    '0x00ff',
    '1/2#00',
    '123456789012345678901',
    '-5',
    'n:1',
    2 ** 53,
    -(2 ** 60),
  ),
);

function anyOf(check: FieldCheck): fc.Arbitrary<unknown> {
  if (typeof check === 'object') return fc.constantFrom(...check.words);
  switch (check) {
    case 'time':
      return time;
    case 'count':
      return count;
    case 'text':
      return fc.string({ maxLength: 60, unit: 'grapheme' });
    case 'boolean':
      return fc.boolean();
    case 'batch':
      return fc.oneof(time, fc.string({ maxLength: 20 }));
    case 'keys':
      return fc.array(key, { maxLength: 8 });
    case 'shards':
      return fc.record({ cache: count, backend: count, shared: count, skipped: count });
  }
}

function eventOf(type: EventName): fc.Arbitrary<Record<string, unknown>> {
  const { required, optional } = EVENT_FIELDS[type];
  const fields: [string, FieldCheck][] = [
    ...Object.entries<FieldCheck>(required),
    ...Object.entries<FieldCheck>(optional),
  ];
  return fc.record(
    Object.fromEntries([['time', time], ...fields.map(([name, check]) => [name, anyOf(check)] as const)]),
    { requiredKeys: ['time', ...Object.keys(required)] },
  );
}

function reader() {
  const bus = createBus();
  const heard: { type: EventName; event: EventMap[EventName] }[] = [];
  for (const type of EVENT_NAMES) bus.subscribe(type, 'test', (event) => void heard.push({ type, event }));
  const ingest = new LineIngest({ name: 'lines', bus });
  return { ingest, heard, read: (line: string) => ingest.apply(Buffer.from(line), 0) };
}

describe('what is written is what is read', () => {
  it.each(EVENT_NAMES)('%s', (type) => {
    fc.assert(
      fc.property(eventOf(type), (fields) => {
        const source = createSource({
          attributes: { zone: 'a', rank: 3 },
          backend: 'posix',
          accesses: false,
          live: false,
        });
        const encoder = new EventLineEncoder();
        const { read, heard, ingest } = reader();
        const event = { ...fields, source } as unknown as EventMap[EventName];
        read(encoder.encode(type, event));
        read(encoder.encode(type, event));
        expect(ingest.statistics.errors()).toBe(0);
        expect(heard).toHaveLength(2);
        for (const { type: readType, event: readEvent } of heard) {
          const { source: readSource, ...readFields } = readEvent;
          expect(readType).toBe(type);
          expect(readFields).toEqual(fields);
          expect({ ...readSource, close: 0 }).toEqual({ ...source, close: 0 });
        }
        expect(heard[0]?.event.source).toBe(heard[1]?.event.source);
      }),
      { numRuns: 60 },
    );
  });
});

describe('keys', () => {
  const keysOf = (text: string) => {
    const { read, heard } = reader();
    read(`{"event":"block.released","time":1,"tier":"l0","keys":${text}}`);
    return (heard[0]?.event as EventMap['block.released'] | undefined)?.keys;
  };

  it('of 1 to 20 digits are 64-bit integers, and strings of digits are marked', () => {
    expect(keysOf('["15760518052499183552","s:42","0x00ff","a",7,0.5]')).toEqual([
      15760518052499183552n,
      '42',
      '0x00ff',
      'a',
      7,
      0.5,
    ]);
  });

  it('of a producer may begin as a mark does', () => {
    expect(keysOf('["n:abc","n:7","n:","n:9007199254740992"]')).toEqual(['n:abc', 'n:7', 'n:', 2 ** 53]);
  });

  it('that stand as bare integers are exact, and a negative one is the same 64 bits', () => {
    expect(keysOf('[15760518052499183552, -2686226021210368064]')).toEqual([
      15760518052499183552n,
      15760518052499183552n,
    ]);
  });

  it.each(['["18446744073709551616"]', '[18446744073709551616]', '[null]', '[[1]]', '7'])(
    '%s are none',
    (text) => {
      expect(keysOf(text)).toBeUndefined();
    },
  );
});

describe('a line that cannot be used', () => {
  const GOOD = '{"event":"source.reset","time":1}';
  it.each([
    ['invalid', '{'],
    ['invalid', '{"a":15760518052499183552'],
    ['malformed_event', '[]'],
    ['malformed_event', '{"time":1}'],
    ['malformed_event', '{"event":"source.reset"}'],
    ['malformed_event', '{"event":"source.reset","time":"1"}'],
    ['malformed_event', '{"event":"source.reset","time":1,"tier":"gpu"}'],
    ['malformed_event', '{"event":"source.reset","time":1,"source":7}'],
    [
      'malformed_event',
      '{"event":"source.reset","time":1,"source":{"name":"a","attributes":{"a":1,"b":2,"c":3}}}',
    ],
    [
      'malformed_event',
      '{"event":"lookup.finished","time":1,"tier":"l0","blocks":-1,"hits":0,"startTime":0}',
    ],
    ['malformed_event', '{"event":"shard.waited","time":1}'],
    ['unknown_event', '{"event":"block.pinned","time":1}'],
    ['unknown_event', '{"event":"__proto__","time":1}'],
    ['oversized', `{"event":"${'x'.repeat(2000)}"}`],
    ['too_deep', `{"a":${'['.repeat(1000)}`],
    ['too_deep', `{"event":"source.reset","time":1,"a":${'['.repeat(16)}${']'.repeat(16)}}`],
  ])('is counted as %s: %s', (kind, line) => {
    const { bus, heard } = { bus: createBus(), heard: [] as unknown[] };
    bus.subscribe('source.reset', 'test', (event) => void heard.push(event));
    const ingest = new LineIngest({ name: 'lines', bus, limits: { maxPayloadBytes: 1500 } });
    for (const text of [GOOD, line, '', '  \r\n', GOOD]) ingest.apply(Buffer.from(text), 0);
    expect(heard).toHaveLength(2);
    expect(ingest.statistics.errors(kind as 'invalid')).toBe(1);
    expect(ingest.statistics.errors()).toBe(1);
  });

  it('names one source too many', () => {
    const { read, ingest } = reader();
    for (let i = 0; i < MAX_LINE_SOURCES + 5; i++) read(`{"event":"source.reset","time":1,"source":"s${i}"}`);
    expect(ingest.statistics.errors('too_many_sources')).toBe(5);
  });

  it('is not UTF-8', () => {
    const { ingest } = reader();
    ingest.apply(Buffer.from([0x7b, 0xff, 0x7d]), 0);
    expect(ingest.statistics.errors('invalid')).toBe(1);
  });
});
