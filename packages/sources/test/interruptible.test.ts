import { describe, expect, it } from 'vitest';
import { interruptible } from '../src/interruptible.js';

function setup() {
  const closed: string[] = [];
  function* numbers() {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      closed.push('numbers');
    }
  }
  return { closed, numbers, controller: new AbortController() };
}

describe('interruptible', () => {
  it('gives all items when nothing aborts, with a signal and without', async () => {
    const { controller } = setup();
    for (const signal of [undefined, controller.signal]) {
      const items: string[] = [];
      for await (const item of interruptible(['a', 'b'], signal)) items.push(item);
      expect(items).toEqual(['a', 'b']);
    }
  });

  it('throws the reason before the next item, and closes the items', async () => {
    const { closed, numbers, controller } = setup();
    const items: number[] = [];
    const reason = new Error('enough');
    const iteration = (async () => {
      for await (const item of interruptible(numbers(), controller.signal)) {
        items.push(item);
        if (item === 2) controller.abort(reason);
      }
    })();
    await expect(iteration).rejects.toBe(reason);
    expect({ items, closed }).toEqual({ items: [0, 1, 2], closed: ['numbers'] });
  });

  it('closes the items when it is left', async () => {
    const { closed, numbers, controller } = setup();
    for await (const _ of interruptible(numbers(), controller.signal)) break;
    expect(closed).toEqual(['numbers']);
  });

  it('does not wait for an item that never comes, and asks for it to be closed', async () => {
    const { controller } = setup();
    let returned = 0;
    const stuck: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: () => {
          returned++;
          return new Promise(() => {});
        },
      }),
    };
    const next = interruptible(stuck, controller.signal).next();
    controller.abort('enough');
    await expect(next).rejects.toBe('enough');
    expect(returned).toBe(1);
  });

  it('throws what the items throw, and does not close what has ended', async () => {
    const { controller } = setup();
    let returned = 0;
    const failing: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new Error('broken')),
        return: () => {
          returned++;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    await expect(interruptible(failing, controller.signal).next()).rejects.toThrow('broken');
    expect(returned).toBe(0);
  });
});
