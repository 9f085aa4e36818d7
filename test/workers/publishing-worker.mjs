/*
 * A worker thread or cluster worker that publishes so many events, half of them before it says so and the rest when it is
 * told to go on, and forwards what they come to. Each event stores two blocks, and every tenth is a transfer of 1 s.
 */
import { once } from 'node:events';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { createSource, getBus } from '@kvscope/core';
import { forwardStats } from '@kvscope/instrumentation';

const port = isMainThread ? process : parentPort;
const { events } = isMainThread ? { events: Number(process.env.EVENTS) } : workerData;
const say = (word) => (isMainThread ? process.send(word) : parentPort.postMessage(word));

const occupancy = () => ({ tiers: [{ tier: 'l1', capacity: 100, evictable: 5, pinned: 0, unknown: 0 }] });
const source = createSource({ occupancy });
const bus = getBus();
const stats = forwardStats(port, { intervalMs: 3_600_000 });

function publish(from, to) {
  for (let i = from; i < to; i++) {
    if (i % 10 === 0) {
      const moved = { from: 'l1', to: 'l0', blocks: 1, bytes: 4096 };
      bus.publish('transfer.finished', { source, time: 1000, startTime: 0, ...moved });
    } else {
      bus.publish('block.stored', {
        source,
        time: i,
        tier: 'l1',
        keys: [2 * i, 2 * i + 1],
        cause: 'computed',
      });
    }
  }
}

publish(0, events / 2);
stats.flush();
say('half');
const [word] = await once(port, 'message');
publish(events / 2, events);
if (word === 'go on') {
  // Nothing is stopped or flushed: ending is enough.
  say('done');
  if (isMainThread) process.exit();
} else {
  // Published and not forwarded: that is what is lost when it is killed now.
  say('at risk');
  setInterval(() => undefined, 1000);
}
