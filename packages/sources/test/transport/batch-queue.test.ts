import { expect, it } from 'vitest';
import { BatchQueue } from '../../src/index.ts';
import { eventually } from './setup.ts';

function setup(limits: { maxBatches?: number; maxBytes?: number }) {
  const queue = new BatchQueue(limits);
  const taken: number[] = [];
  const dropped: number[] = [];
  return {
    queue,
    taken,
    dropped,
    add: (id: number, bytes = 1) =>
      queue.add({
        payload: new Uint8Array(bytes),
        take: () => void taken.push(id),
        dropped: () => void dropped.push(id),
      }),
  };
}

it('takes batches in order, at a later time', async () => {
  const { add, taken } = setup({});
  for (let i = 0; i < 10_000; i++) add(i);
  expect(taken).toEqual([]);
  await eventually(() => expect(taken).toHaveLength(10_000));
  expect(taken).toEqual([...taken].sort((a, b) => a - b));
});

it('drops what comes when it is full, by count and by bytes', () => {
  const { queue, add, taken, dropped } = setup({ maxBatches: 3, maxBytes: 10 });
  add(0, 5);
  add(1, 6);
  add(2, 5);
  add(3, 0);
  add(4, 0);
  expect(dropped).toEqual([1, 4]);
  queue.drain();
  expect(taken).toEqual([0, 2, 3]);
  add(5);
  queue.close();
  add(6);
  expect(taken).toEqual([0, 2, 3, 5]);
});
