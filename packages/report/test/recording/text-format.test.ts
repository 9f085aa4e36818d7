import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePage } from '../../src/recording/text-format.ts';

const IO = 'kv_cache_io_total';
const only = (page: string) => parsePage(page)[0];

describe('a page in the text format', () => {
  it('is read by the registry: counters, gauges and the parts of histograms', () => {
    const page = [
      '# HELP kv_cache_io_total Bytes.',
      '# TYPE kv_cache_io_total counter',
      `${IO}{kv_cache_tier="l2",kv_cache_io_direction="read"} 1.5e+06 1700000000000`,
      'kv_cache_block_usage{kv_cache_tier="l1"} 3',
      'kv_cache_block_reuses_bucket{le="0"} 4',
      'kv_cache_block_reuses_bucket{le="+Inf"} 9',
      'kv_cache_block_reuses_sum 12',
      'kv_cache_block_reuses_count 9',
      'process_cpu_seconds_total 1',
      '',
    ].join('\n');
    expect(parsePage(page)).toEqual([
      {
        metric: 'kv_cache.io',
        grows: true,
        labels: { kv_cache_tier: 'l2', kv_cache_io_direction: 'read' },
        value: 1_500_000,
      },
      { metric: 'kv_cache.block.usage', grows: false, labels: { kv_cache_tier: 'l1' }, value: 3 },
      { metric: 'kv_cache.block.reuses', part: 'bucket', bound: 0, grows: true, labels: {}, value: 4 },
      {
        metric: 'kv_cache.block.reuses',
        part: 'bucket',
        bound: Number.POSITIVE_INFINITY,
        grows: true,
        labels: {},
        value: 9,
      },
      { metric: 'kv_cache.block.reuses', part: 'sum', grows: true, labels: {}, value: 12 },
      { metric: 'kv_cache.block.reuses', part: 'count', grows: true, labels: {}, value: 9 },
    ]);
  });

  it('may have the names that OTLP gives', () => {
    expect(only('kv_cache_task_duration_seconds_count 3\nkv_cache_io_bytes_total 7')).toMatchObject({
      metric: 'kv_cache.task.duration',
      part: 'count',
    });
    expect(parsePage('kv_cache_task_duration_seconds_count 3\nkv_cache_io_bytes_total 7')).toHaveLength(2);
  });

  it('may be OpenMetrics, with exemplars, Windows line ends and odd spaces', () => {
    const page = `kv_cache_stores_total 2 # {trace_id="a"} 1 1.0\r\n${IO} { }  7\r\n${IO}{ a = "b" , } 8\r\n# EOF\r\n`;
    expect(() => parsePage(page)).toThrow(/line 2/);
    expect(parsePage(page.replace(`${IO} { }  7\r\n`, ''))).toMatchObject([
      { value: 2 },
      { labels: { a: 'b' } },
    ]);
  });

  it.each([
    [String.raw`a\\b`, 'a\\b'],
    [String.raw`a\"b`, 'a"b'],
    [String.raw`a\nb`, 'a\nb'],
    ['a}b,c="d', undefined],
    ['héé 日本', 'héé 日本'],
  ])('the label value %s', (written, value) => {
    const page = `${IO}{x="${written}"} 1`;
    if (value === undefined) expect(() => parsePage(page)).toThrow(/line 1/);
    else expect(only(page)?.labels).toEqual({ x: value });
  });

  it.each([
    ['NaN', Number.NaN],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['-Inf', Number.NEGATIVE_INFINITY],
    ['-.5', -0.5],
  ])('the value %s', (text, value) => {
    expect(only(`${IO} ${text}`)?.value).toBe(value);
  });
});

describe('what is no such page is refused by its line', () => {
  it.each([
    ['a web page', '<!doctype html>'],
    ['JSON', '{"a": 1}'],
    ['no value', IO],
    ['a value that is none', `${IO} twelve`],
    ['hexadecimal', `${IO} 0x10`],
    ['labels without an end', `${IO}{a="b" 1`],
    ['a label without quotes', `${IO}{a=b} 1`],
    ['a line without an end', `${IO}{a="${'x'.repeat(70_000)}"} 1`],
    ['too many labels', `${IO}{${Array.from({ length: 65 }, (_, i) => `a${i}="b"`).join(',')}} 1`],
  ])('%s', (_, line) => {
    expect(() => parsePage(`kv_cache_stores_total 1\n${line}`)).toThrow(
      /^line 2 is not in Prometheus's text format/,
    );
  });

  it('and what there is too much of', () => {
    expect(() => parsePage('\n'.repeat(500_001))).toThrow(/500002 lines; allowed: at most 500000/);
  });

  it('a label cannot reach what it is not', () => {
    const [value] = parsePage(`${IO}{__proto__="x",constructor="y"} 1`);
    expect(Object.entries(value?.labels ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(Object.prototype).not.toHaveProperty('x');
  });

  it('whatever it is, in a time that grows with its length alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        try {
          parsePage(`${IO}{a="${text}`);
        } catch (error) {
          expect((error as Error).message).toMatch(/^line \d+ is not/);
        }
      }),
    );
    const before = process.cpuUsage().user;
    expect(() => parsePage(`${IO}{a="${'\\'.repeat(60_000)}`)).toThrow(/line 1/);
    expect(() => parsePage(`${IO}{${' '.repeat(60_000)}`)).toThrow(/line 1/);
    expect(() => parsePage(`${IO}${' '.repeat(60_000)}`)).toThrow(/line 1/);
    expect(process.cpuUsage().user - before).toBeLessThan(1_000_000);
  });
});
