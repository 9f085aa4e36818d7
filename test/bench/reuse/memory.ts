/*
 * The reuse subscriber under many references, to blocks that keep changing: memory stays flat, and so does the cost.
 *
 *   npm run build && node --expose-gc test/dist/bench/reuse/memory.js [REFERENCES, default 100000000]
 *
 * Memory, of objects and of typed arrays, is taken after a full collection at each tenth of the way. Exit code 1 when
 * the memory at the end is more than a tenth above that of the first tenth, or more blocks are followed than may be.
 */
import { shiftingWorkload } from './shifting-workload.js';

const PARTS = 10;
const GROWTH = 1.1;
const CAPACITY = 100_000;
const MOST_BLOCKS = 8192;

const references = Number(process.argv[2] ?? 100_000_000);
const { gc } = globalThis;
if (!Number.isInteger(references / (16 * PARTS)) || references <= 0 || gc === undefined) {
  console.error('Usage: node --expose-gc test/dist/bench/reuse/memory.js [REFERENCES, a multiple of 160]');
  process.exit(2);
}

const workload = shiftingWorkload(CAPACITY, 1);
const memories: number[] = [];
let mostBlocks = 0;
console.log('references    ns/reference  memory MB  blocks  rate     dropped    hit ratio at 1 x');
for (let part = 1; part <= PARTS; part++) {
  const begin = performance.now();
  workload.run(references / PARTS);
  const ns = ((performance.now() - begin) * 1e6) / (references / PARTS);
  const { sampledBlocks, rate, points } = workload.collect();
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  memories.push((heapUsed + arrayBuffers) / 1e6);
  mostBlocks = Math.max(mostBlocks, sampledBlocks);
  const at1 = points.find(({ scale }) => scale === 1);
  const cells = [
    ((references / PARTS) * part).toString().padEnd(13),
    ns.toFixed(0).padEnd(13),
    (memories.at(-1) as number).toFixed(2).padEnd(10),
    sampledBlocks.toString().padEnd(7),
    rate.toPrecision(3).padEnd(8),
    workload.dropped().toString().padEnd(10),
    `${at1?.hitRatio.toFixed(4)} +- ${at1?.error.toFixed(4)}`,
  ];
  console.log(cells.join(' '));
}
const flat = (memories.at(-1) as number) <= (memories[0] as number) * GROWTH;
const bounded = mostBlocks <= MOST_BLOCKS;
console.log(`memory flat: ${flat}; blocks bounded: ${bounded}`);
process.exitCode = flat && bounded ? 0 : 1;
