import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter, TOO_LONG } from '../../src/request-trace/line-splitter.js';

function split(text: string, maxLineBytes: number, cuts: readonly number[] = []) {
  const splitter = new LineSplitter(maxLineBytes);
  const bytes = Buffer.from(text);
  const lines: string[] = [];
  let start = 0;
  for (const end of [...cuts, bytes.length]) {
    for (const line of splitter.push(bytes.subarray(start, end))) {
      lines.push(line === TOO_LONG ? 'TOO LONG' : line.toString());
    }
    start = Math.max(start, end);
  }
  return lines;
}

describe('LineSplitter', () => {
  it('gives the lines that have ended', () => {
    expect(split('a\n\nbc\r\nd', 10)).toEqual(['a', '', 'bc\r']);
  });

  it('allows exactly the longest length, and goes on after a longer line', () => {
    expect(split('abc\nabcd\nab\n', 3)).toEqual(['abc', 'TOO LONG', 'ab']);
  });

  it('gives the same lines however the bytes are cut', () => {
    const text = fc
      .array(fc.constantFrom('\n', 'a', 'é', '漢', '🙂'), { maxLength: 60 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 12 }), fc.array(fc.nat(150)), (whole, max, cuts) => {
        const expected = whole
          .split('\n')
          .slice(0, -1)
          .map((line) => (Buffer.byteLength(line) > max ? 'TOO LONG' : line));
        const sorted = [...cuts].sort((a, b) => a - b);
        expect(split(whole, max, sorted)).toEqual(expected);
      }),
    );
  });

  it('holds no more than one line of the longest length, however long the line', () => {
    const splitter = new LineSplitter(100_000);
    const chunk = Buffer.alloc(7000, 'x');
    let most = 0;
    for (let i = 0; i < 1000; i++) {
      expect([...splitter.push(chunk)]).toEqual([]);
      most = Math.max(most, splitter.bufferedBytes);
    }
    expect(most).toBeLessThanOrEqual(100_000);
    expect([...splitter.push(Buffer.from('\nok\n'))]).toEqual([TOO_LONG, Buffer.from('ok')]);
  });
});
