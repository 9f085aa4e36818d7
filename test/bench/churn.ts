/*
 * All subscribers under millions of mixed events, on the fast path: the heap stays flat, the state within its bounds,
 * an event costs the same at the end, and whatever is turned away is counted. Run by hand:
 *
 *   npm run build && node --expose-gc test/dist/bench/churn.js [EVENTS, default 10000000]
 *
 * The heap is taken after a full collection at each tenth of the way. Exit code 1 when something does not add up, or
 * the heap at the end is more than a tenth above its highest in the first three tenths, when all state has filled up.
 * Time is that of the processor; a cost at the end of more than a tenth above that of the second tenth (in the first, code
 * is compiled and state fills up) is told, since a machine with other work alone can cause it.
 */
import { createChurn, LIMITS } from './churn/churn.js';

const PARTS = 10;
/** By then every limit has been reached: blocks age out after 600 s, which is 600,000 events. */
const PARTS_TO_FILL = 3;
const GROWTH = 1.1;
/**
 * A late chunk of a request that is no longer remembered stands for a request of its own, and is counted as one: with only
 * 400 remembered it happens to one in some millions.
 */
const COUNTED_TWICE = 1e-6;

const events = Number(process.argv[2] ?? 10_000_000);
const { gc } = globalThis;
if (!Number.isInteger(events) || events < PARTS || gc === undefined) {
  console.error('Usage: node --expose-gc test/dist/bench/churn.js [EVENTS, at least 10]');
  process.exit(2);
}

const churn = createChurn();
const heaps: number[] = [];
const costs: number[] = [];
console.log(`limits: ${JSON.stringify(LIMITS)}`);
console.log('events      us/event  heap MB  residents  ghosts  requests  batches');
for (let part = 1; part <= PARTS; part++) {
  const begin = process.cpuUsage();
  churn.run(events / PARTS);
  const { user, system } = process.cpuUsage(begin);
  const us = (user + system) / (events / PARTS);
  costs.push(us);
  gc();
  const heap = process.memoryUsage().heapUsed / 1e6;
  heaps.push(heap);
  const { residents, ghosts, openRequests, openBatches } = churn.state();
  const cells = [us.toFixed(2), heap.toFixed(1), residents, ghosts, openRequests, openBatches];
  console.log(
    String((events / PARTS) * part).padEnd(12) + cells.map((cell) => String(cell).padEnd(9)).join(' '),
  );
}

const accounts = churn.finish();
for (const { what, published, accounted, turnedAway } of accounts) {
  console.log(
    `${what}: ${published} published, ${accounted} accounted for, ${turnedAway} of them turned away`,
  );
}
console.log(`interval log: ${churn.lines} lines; failures of subscribers: ${churn.failures}`);

const balanced =
  churn.failures === 0 &&
  accounts.every(({ published, accounted }) => {
    return accounted >= published && accounted - published <= published * COUNTED_TWICE;
  });
const flat = (heaps.at(-1) as number) <= Math.max(...heaps.slice(0, PARTS_TO_FILL)) * GROWTH;
const growth = (costs.at(-1) as number) / (costs[1] as number);
console.log(
  `balanced: ${balanced}; heap flat: ${flat}; an event at the end costs ${growth.toFixed(2)} x as much`,
);
process.exitCode = balanced && flat ? 0 : 1;
