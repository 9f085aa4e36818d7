// An application that knows of events only: three blocks are stored.
import { once } from 'node:events';
import { isMainThread, Worker } from 'node:worker_threads';
import { createSource, getBus } from '@kvscope/core';

const [stay, handles] = process.argv.slice(2);
getBus().publish('block.stored', {
  time: 1,
  source: createSource(),
  tier: 'l0',
  keys: [1, 2, 3],
  cause: 'computed',
});
if (stay === 'figures') await globalThis.printFigures();
if (handles === 'handles') {
  process.once('SIGTERM', () => {
    console.log('handled');
    process.exitCode = 7;
    clearInterval(running);
  });
}
const running = stay === 'stay' ? setInterval(() => undefined, 1000) : undefined;
if (stay === 'worker' && isMainThread) {
  const env = { ...process.env, OTEL_EXPORTER_PROMETHEUS_PORT: '0' };
  await once(new Worker(new URL(import.meta.url), { env }), 'exit');
}
console.log('published');
