// A thread that traces: publishes tasks in bursts, and tells how many and what its work came to.
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { createBus, createSampler, createSource, startSubscriber, systemClock } from '@kvscope/core';
import { MemoryRecorder } from '@kvscope/core/testing';
import { trace } from '@kvscope/trace';

const { bursts, burst } = workerData;
const bus = createBus();
const environment = { bus, clock: systemClock, recorder: new MemoryRecorder(), sampler: createSampler() };
const running = startSubscriber(trace, environment, { ringRecords: 1024 });
const source = createSource({}, bus);
let sum = 0;
for (let i = 0; i < bursts; i++) {
  for (let n = 0; n < burst; n++) {
    sum += n;
    const time = systemClock.now();
    bus.publish('task.finished', {
      source,
      time,
      operation: 'dump',
      submittedTime: time - 1,
      shards: { cache: 0, backend: 1, shared: 0, skipped: 0 },
      blocks: 1,
      bytes: 1,
    });
  }
  await new Promise((resolve) => setImmediate(resolve));
}
parentPort.postMessage({ threadId, published: bursts * burst, sum, failures: bus.failures.size });
// Lives until it is told, so that its ring is not released before it was looked at.
await new Promise((resolve) => parentPort.once('message', resolve));
running.stop();
parentPort.close();
