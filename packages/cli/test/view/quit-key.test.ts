import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { onQuitKey } from '../../src/view/quit-key.ts';

/** A terminal's keyboard that tells what was done to it. */
class Keyboard extends EventEmitter {
  isTTY = true;
  readonly done: string[] = [];
  setRawMode(raw: boolean) {
    this.done.push(raw ? 'raw' : 'cooked');
    return this as never;
  }
  resume() {
    this.done.push('resume');
    return this as never;
  }
  pause() {
    this.done.push('pause');
    return this as never;
  }
}

/** Whether typing all that quits. */
async function quitsOn(...typed: string[]): Promise<boolean> {
  const keyboard = new Keyboard();
  const { pressed, release } = onQuitKey(keyboard as never);
  for (const keys of typed) keyboard.emit('data', Buffer.from(keys));
  const quit = await Promise.race([pressed.then(() => true), Promise.resolve(false).then(() => false)]);
  release();
  return quit;
}

describe('the key that quits', () => {
  it.each([[['q']], [['Q']], [['\x03']], [['x', 'xq']]])('%j does', async (typed) => {
    expect(await quitsOn(...typed)).toBe(true);
  });

  it.each([[['x']], [['\x1b[A']], [['é', ' ', '\r']]])('%j does not', async (typed) => {
    expect(await quitsOn(...typed)).toBe(false);
  });

  it('gives the keyboard back as it was', () => {
    const keyboard = new Keyboard();
    const { release } = onQuitKey(keyboard as never);
    release();
    expect(keyboard.done).toEqual(['raw', 'resume', 'cooked', 'pause']);
    expect(keyboard.listenerCount('data')).toBe(0);
  });

  it('does not touch what is no terminal', () => {
    const keyboard = new Keyboard();
    keyboard.isTTY = false;
    onQuitKey(keyboard as never).release();
    expect(keyboard.done).toEqual([]);
  });
});
