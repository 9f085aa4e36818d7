import { table } from '../table.js';

/** What to look at, in which order, and with which way of loading. */

export const RANKING = `## What to look at first

From what costs most to what costs least; stop at the first that is out of bounds.

1. **Health.** Subscriber errors, batches lost, disconnected publishers: with any of these, what follows is wrong.
2. **Failures.** Io errors and failed tasks. A cache that cannot write looks like one that is too small.
3. **Hit ratio over all tiers.** Nothing below matters if nothing is found ([1](#1-low-hit-ratio)).
4. **Backend load ratio.** Whether hits come from host memory or from storage.
5. **Wait of the rest of the layers**, with layerwise loading ([5](#5-layerwise-loading-gives-no-speed-up)); **load duration**, without
   ([2](#2-hits-are-fine-loads-are-slow)).
6. **The largest stage of a load**, then **shard wait against copy** ([3](#3-slow-lower-tier)).
7. **Dump duration against write duration** ([4](#4-dump-back-pressure)), **save tail** ([7](#7-save-tail)).
8. **p99 against mean of the queues** ([9](#9-starved-workers)).
9. **Wanted again, never reused**: whether the tiers have the right size and hold the right blocks ([10](#10-thrashing-tier),
   [11](#11-cache-pollution)).`;

export const LAYERWISE_OR_NOT = `## With and without layerwise loading

${table(
  ['question', 'without', 'with'],
  [
    [
      'Does loading delay requests?',
      '`task.duration` of loads: all of it',
      '`layer.wait.duration`: what is not hidden',
    ],
    ['How much is hidden?', 'nothing', 'overlap: 1 less waited over loaded, of the rest of the layers'],
    ['What delays the first token?', 'the load of all layers', 'the first layer: its submit and its wait'],
    ['What delays the end of a batch?', '`transfer.duration` from l0 to l1', '`layer.save_tail.duration`'],
    ['Is the load itself slow?', 'stages of `task.duration`', 'the same, and `layer.load.duration`'],
    ['What is a batch worth of compute?', 'cannot be told', '`layer.interval.duration`, as host time'],
    [
      'Which p99 means something?',
      'that of the task',
      'first and rest apart: one first layer in a batch owns the p99 of all',
    ],
  ],
)}`;

export const LIMITS = `## What the metrics cannot tell

- **How long the device computes.** Intervals between layers are wall time of the host thread; a kernel that runs beside it is not in
  them.
- **Whether a dump reached the disk**, from its own task: see the metrics of io.
- **Which request it was.** There is no request, session or key among the attributes, and there never will be: use a trace.
- **Which keys are hot.** Only how often blocks are reused, and after how long.
- **Anything of a store that publishes no events.** An engine's stream carries neither reads nor lookups: no hit ratio, reuse or idle
  time is recorded for it, and its panels stay empty. Empty means "not in the stream", not zero.
- **What a device could do.** Bandwidth has to be held against a figure that you measured elsewhere.
- **The tail between two scrapes.** Quantiles are interpolated within a bucket; look at the heat map before you trust the third digit.`;

const TUNABLES: readonly (readonly [string, string, string])[] = [
  [
    'hits are few, tiers are full, blocks come back soon',
    'blocks of L1, then of L2',
    '`l1Blocks`, `l2Blocks`',
  ],
  ['hits are few, nothing ever matches', 'hash seed, tokenizer, salt: equal on all instances', 'the engine'],
  ['hits are few, `io.errors` count', 'room and permission of the directory', '`directory`'],
  ['`task.queue.duration` above 1 ms', 'tasks at a time', '`maxRunningTasks`'],
  [
    'tasks fail with `queue_full`',
    'length of the queue, or tasks at a time',
    '`maxWaitingTasks`, `maxRunningTasks`',
  ],
  [
    'tasks fail with `timeout`',
    'blocks of L1, or how long a task waits for room',
    '`l1Blocks`, `roomTimeoutMs`',
  ],
  ['`task.dispatch.duration` above 1 ms', 'blocks of L1; tasks at a time', '`l1Blocks`, `maxRunningTasks`'],
  ['`io.queue.duration` above `io.duration`', 'io calls at a time', '`ioConcurrency`, `UV_THREADPOOL_SIZE`'],
  ['`io.duration` high, few bytes per call', 'size of a block', '`block.layers`, `block.shardBytes`'],
  [
    '`task.handoff.duration` climbs to the write',
    'blocks that may wait to be written; io calls at a time',
    '`maxQueuedWrites`, `ioConcurrency`',
  ],
  ['writes are slow, and need not survive a power failure', 'flush to the device', '`fsync`'],
  ['overlap near 0', 'layers submitted ahead', 'the connector'],
  ['first layer waits, others do not', 'prefetch of first layers', 'the connector'],
  [
    'save tail above 10 ms',
    'copy streams, io calls at a time, what is saved',
    'the connector, `ioConcurrency`',
  ],
  ['most evicted blocks were never reused', 'admission to the lower tier', 'the engine'],
  [
    'blocks are untracked for `limit`',
    'sample rate, limit of the subscriber',
    '`sampleRate`, `lifecycle.maxResidents`',
  ],
  [
    'batches are dropped or missed',
    'replay endpoint; one process for each engine',
    '`kvscope watch --replay`',
  ],
];

export const TUNABLE_INDEX = `## From a symptom to a tunable

Names in code are options of [\`@kvscope/tiered-store\`](../packages/tiered-store/README.md), of the instrumentation or of the command. Other
stores have the same knobs under other names.

${table(['symptom', 'what to change', 'option'], TUNABLES)}`;
