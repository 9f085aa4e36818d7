import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { BUILT, runModule } from './child-process.ts';
import { installCopy } from './installed-copy.ts';

/** Publishes on the bus of one loaded package, subscribes on that of another, and prints what happened. */
const EXCHANGE = `
  function exchange(publisher, subscriber) {
    const seen = [];
    const undo = subscriber.getBus().subscribe('block.stored', 'test', (event) => seen.push(...event.keys));
    const source = publisher.createSource();
    publisher.getBus().publish('block.stored', { time: 0, source, tier: 'l0', keys: [7, '7'], cause: 'unknown' });
    undo();
    return {
      seen,
      oneBus: publisher.getBus() === subscriber.getBus(),
      oneModule: publisher.getBus === subscriber.getBus,
    };
  }
  const [first, second] = process.argv.slice(-2);
`;

type Exchanged = { seen: unknown[]; oneBus: boolean; oneModule: boolean };

async function inChild(load: string, ...paths: [string, string]): Promise<Exchanged[]> {
  const text = `${EXCHANGE}${load}
    console.log(JSON.stringify([exchange(a, b), exchange(b, a)]));`;
  return JSON.parse(await runModule(text, ...paths)) as Exchanged[];
}

describe('one bus', () => {
  test.each([
    ['import, then require', 'const a = await import(first); const b = required(second);'],
    ['require, then import', 'const b = required(second); const a = await import(first);'],
  ])('when the package is loaded by %s', async (_, load) => {
    const exchanged = await inChild(
      `import { createRequire } from 'node:module';
      const required = (url) => createRequire(url)(new URL(url).pathname);
      ${load}`,
      BUILT.href,
      BUILT.href,
    );
    for (const { seen, oneBus } of exchanged)
      expect({ seen, oneBus }).toEqual({ seen: [7, '7'], oneBus: true });
  });

  test('when a second copy of the package is installed', async () => {
    const folder = await installCopy();
    const copy = pathToFileURL(join(folder, 'node_modules/@kvscope/core/bundle/index.js'));
    const exchanged = await inChild(
      'const a = await import(first); const b = await import(second);',
      BUILT.href,
      copy.href,
    );
    expect(exchanged).toEqual([
      { seen: [7, '7'], oneBus: true, oneModule: false },
      { seen: [7, '7'], oneBus: true, oneModule: false },
    ]);
  });

  test('when the second copy is the one that require finds', async () => {
    const folder = await installCopy();
    const exchanged = await inChild(
      `import { createRequire } from 'node:module';
      const a = await import(first);
      const b = createRequire(second)('@kvscope/core');`,
      BUILT.href,
      pathToFileURL(join(folder, 'main.js')).href,
    );
    expect(exchanged.map(({ oneBus, oneModule }) => ({ oneBus, oneModule }))).toEqual([
      { oneBus: true, oneModule: false },
      { oneBus: true, oneModule: false },
    ]);
  });
});

test('each worker thread has a bus of its own', async () => {
  const { getBus } = (await import(BUILT.href)) as typeof import('../src/index.ts');
  const seen: unknown[] = [];
  const undo = getBus().subscribe('tier.cleared', 'main', (event) => seen.push(event));
  const text = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { createSource, getBus } = await import(workerData);
    const before = getBus().wants('tier.cleared');
    let own = 0;
    getBus().subscribe('tier.cleared', 'worker', () => own++);
    getBus().publish('tier.cleared', { time: 0, source: createSource() });
    parentPort.postMessage({ before, own });`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(text)}`), {
    workerData: BUILT.href,
  });
  const answer = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  getBus().publish('tier.cleared', { time: 0, source: {} as never });
  undo();
  expect(answer).toEqual({ before: false, own: 1 });
  expect(seen).toHaveLength(1);
});
