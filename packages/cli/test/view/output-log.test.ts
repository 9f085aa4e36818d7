import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startOutputLog } from '../../src/view/output-log.ts';
import { Screen } from '../../src/view/screen.ts';

function stream() {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { written, write, columns: 20, rows: 2, fd: 1 } as unknown as NodeJS.WriteStream & {
    written: string[];
    fd: 1;
  };
}

it('keeps what is written in a file, and gives the stream back', () => {
  const shown = stream();
  const { write } = shown;
  const log = startOutputLog([shown]);
  shown.write('one\n');
  shown.write(Buffer.from('two\n'));
  const path = log.end() as string;
  onTestFinished(() => rmSync(dirname(path), { recursive: true }));
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  expect([shown.written, shown.write === write, log.end()]).toEqual([[], true, undefined]);
});

it('leaves no file behind when nothing was written', () => {
  const log = startOutputLog([stream()]);
  expect(log.end()).toBeUndefined();
});

it('a screen draws no more lines than there are rows, and leaves the whole frame on the normal screen', () => {
  const terminal = stream();
  const listeners = process.listenerCount('exit');
  const screen = new Screen(terminal);
  screen.draw(['a', 'b', 'c']);
  screen.close(['a', 'b', 'c']);
  screen.close(['again']);
  expect(terminal.written).toEqual([
    '\x1b[?1049h\x1b[H\x1b[?25l',
    '\x1b[Ha\x1b[K\r\nb\x1b[K\x1b[J',
    '\x1b[?25h\x1b[?1049la\nb\nc\n',
  ]);
  expect(process.listenerCount('exit')).toBe(listeners);
});
