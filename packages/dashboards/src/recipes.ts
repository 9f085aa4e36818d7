import {
  backendLoadRatio,
  dumpOverWrite,
  hitRatio,
  ioMeanRate,
  ioQueueing,
  ioUnderWay,
  neverReused,
  occupancy,
  overallHitRatio,
  overlap,
  overlapOfRest,
  stageQuantile,
  tokensSaved,
  transferMeanRate,
  wantedAgain,
} from './query/figures.js';
import { type Query, rate } from './query/query.js';

/** A question that people ask, and the query that answers it. */
export interface Recipe {
  readonly question: string;
  readonly query: Query;
  /** How to read the answer, and what it does not say. */
  readonly note: string;
}

export const RECIPES: readonly Recipe[] = [
  {
    question: 'Which share of what a tier is asked for does it hold?',
    query: hitRatio,
    note: 'Each tier is asked for what those above it missed: the ratios of two tiers do not add up.',
  },
  {
    question: 'Which share of all blocks does the cache hold, in any tier?',
    query: overallHitRatio,
    note: 'Hits of all tiers over the blocks asked of the first tier, the one that is asked for everything.',
  },
  {
    question: 'How many prompt tokens are not computed again, per second?',
    query: tokensSaved,
    note: 'Needs a source that tells how many tokens a block has. Instances with blocks of another size are weighed by their own.',
  },
  {
    question: 'How full is a tier?',
    query: occupancy,
    note: 'All that is resident, not only what transfers hold. A full tier is as it should be; a full tier of pinned blocks is not.',
  },
  {
    question: 'Which share of loads has to come from the lower tier?',
    query: backendLoadRatio,
    note: 'Green under 0.3. Above 0.7 host memory hardly helps.',
  },
  {
    question: 'How much of the loading do layers hide behind compute?',
    query: overlap,
    note: 'With the first layer, which has nothing to hide behind.',
  },
  {
    question: 'And without the first layer?',
    query: overlapOfRest,
    note: 'This is the one to watch: 1 means that nothing is waited for.',
  },
  {
    question: 'How fast are transfers between two tiers, while they are under way?',
    query: transferMeanRate,
    note: 'A mean over time, so that long transfers count for as much as they last. The histogram of bandwidth counts each transfer once.',
  },
  {
    question: 'What does really move between two tiers?',
    query: rate('kv_cache.transfer.io', { by: ['kv_cache.source_tier', 'kv_cache.destination_tier'] }),
    note: 'The true throughput, with transfers side by side and the pauses between them. This is what to hold against a link.',
  },
  {
    question: 'How fast is one io call?',
    query: ioMeanRate,
    note: 'Against the rate of `kv_cache.io`: if one call is fast and all of them together are not, they do not run side by side.',
  },
  {
    question: 'How many io calls run at a time?',
    query: ioUnderWay,
    note: 'At the number of io workers they are all busy.',
  },
  {
    question: 'Do io calls wait for a worker?',
    query: ioQueueing,
    note: 'Seconds queued for each second worked. Near 0 workers are idle; above 1 more waits than runs.',
  },
  {
    question: 'Do dumps go at the pace of the disk?',
    query: dumpOverWrite,
    note: 'Far under 1 the buffer takes them. Near 1 each dump waits for a write.',
  },
  {
    question: 'How many evicted blocks are wanted again?',
    query: wantedAgain,
    note: 'Within the window of the subscriber, 300 s by default. Of sampled blocks; a share needs no scaling.',
  },
  {
    question: 'How many evicted blocks had never been read?',
    query: neverReused,
    note: 'Needs a source that publishes reads. Engines do not: there is no answer for them, rather than 100 %.',
  },
  ...(['queue', 'dispatch', 'wait', 'copy'] as const).map((stage) => ({
    question: `What do the slowest loads pay in the stage ${stage}?`,
    query: stageQuantile(0.99, stage, 'load'),
    note: 'The p99 of the four stages add up to more than the p99 of the load, since no load is slow in all of them: read how they change.',
  })),
];
