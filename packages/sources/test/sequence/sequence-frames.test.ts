import { describe, expect, it } from 'vitest';
import { readReplayReply, readSequence, writeSequence } from '../../src/sequence/sequence-frames.ts';

const frame = (hex: string) => Buffer.from(hex, 'hex');
const EMPTY = frame('');
const END = frame('ffffffffffffffff');
const PAYLOAD = Buffer.from('payload');

describe('a sequence number', () => {
  it.each([0, 1, 255, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1])('%d is what is written of it', (sequence) => {
    expect(readSequence(writeSequence(sequence))).toBe(sequence);
  });

  it('is read where its frame lies within a larger buffer', () => {
    expect(readSequence(frame('ffff0000000000000007ff').subarray(2, 10))).toBe(7);
  });

  it.each(['', '00', '00000000000000', '000000000000000000', '0020000000000000', 'fffffffffffffffe'])(
    '%s is none',
    (hex) => {
      expect(readSequence(frame(hex))).toBeUndefined();
    },
  );

  it('of all ones is the end of a replay', () => {
    expect(readSequence(END)).toBe('end');
  });
});

describe('a reply of a replay', () => {
  it('is its last two frames, in both styles', () => {
    const expected = { sequence: 7, payload: PAYLOAD };
    expect(readReplayReply([EMPTY, writeSequence(7), PAYLOAD])).toEqual(expected);
    expect(readReplayReply([EMPTY, Buffer.from('topic'), writeSequence(7), PAYLOAD])).toEqual(expected);
    expect(readReplayReply([EMPTY, EMPTY, writeSequence(7), PAYLOAD])).toEqual(expected);
  });

  it('ends in both styles', () => {
    expect(readReplayReply([EMPTY, END, EMPTY])?.sequence).toBe('end');
    expect(readReplayReply([EMPTY, EMPTY, END, EMPTY])?.sequence).toBe('end');
  });

  it.each([[[]], [[EMPTY]], [[EMPTY, PAYLOAD]], [[EMPTY, frame('00'), PAYLOAD]]])('is none: %o', (frames) => {
    expect(readReplayReply(frames)).toBeUndefined();
  });
});
