import { type TaskOperation, TIERS } from '@kvscope/core';
import { quantileOf } from '../aggregation/distribution.js';
import { STAGES, type StageName, type TraceState } from '../state.js';

/** From this share of end-to-end time on, queueing is backpressure. */
export const BACKPRESSURE_SHARE = 0.2;

export type Party = 'backpressure' | 'lower tier' | 'host';

const PARTY_OF: Readonly<Record<StageName, Party>> = {
  queue: 'backpressure',
  wait: 'lower tier',
  dispatch: 'host',
  copy: 'host',
  handoff: 'host',
};

export const STAGE_TITLES: Readonly<Record<StageName, string>> = {
  queue: 'queue',
  dispatch: 'dispatch',
  wait: 'lower-tier wait',
  copy: 'copy',
  handoff: 'hand-off',
};

/** A part of what is largest. */
export interface Cause {
  readonly title: string;
  /** Of the end-to-end time of all tasks, 0 to 1; undefined for what does not add up with them, such as io. */
  readonly share?: number;
  readonly detail: string;
}

/** Where the end-to-end time of tasks goes: the shares are a partition of it. */
export interface Verdict {
  readonly shares: Readonly<Record<Party, number>>;
  readonly largest: Party;
  /** Below what is largest, the largest first. */
  readonly causes: readonly Cause[];
  /** Tasks and milliseconds that the shares are of. */
  readonly count: number;
  readonly sum: number;
}

interface StageShare {
  readonly operation: TaskOperation;
  readonly stage: StageName;
  readonly ms: number;
}

/** @returns undefined while no task with all its marks has succeeded */
export function verdictOf(state: TraceState): Verdict | undefined {
  const { load, dump } = state.tasks;
  const sum = load.marked.sum + dump.marked.sum;
  if (sum <= 0) return undefined;
  const stages: StageShare[] = (['load', 'dump'] as const).flatMap((operation) =>
    STAGES[operation].map((stage) => ({ operation, stage, ms: state.tasks[operation].shares[stage] })),
  );
  const msOf = (party: Party): number =>
    stages.filter(({ stage }) => PARTY_OF[stage] === party).reduce((all, { ms }) => all + ms, 0);
  const ms = { backpressure: msOf('backpressure'), 'lower tier': msOf('lower tier'), host: msOf('host') };
  const largest = (Object.keys(ms) as Party[]).reduce((a, b) => (ms[b] > ms[a] ? b : a));
  const own = stages.filter(({ stage }) => PARTY_OF[stage] === largest).sort((a, b) => b.ms - a.ms);
  const causes = own.flatMap((share) => [stageCause(state, share, sum), ...ioCauses(state, share)]);
  return {
    shares: {
      backpressure: ms.backpressure / sum,
      'lower tier': ms['lower tier'] / sum,
      host: ms.host / sum,
    },
    largest,
    causes,
    count: load.marked.count + dump.marked.count,
    sum,
  };
}

function stageCause(state: TraceState, { operation, stage, ms }: StageShare, sum: number): Cause {
  const distribution = state.tasks[operation].stages[stage];
  const [p50, p99] = [quantileOf(distribution, 0.5), quantileOf(distribution, 0.99)];
  return {
    title: `${operation} ${STAGE_TITLES[stage]}`,
    share: ms / sum,
    detail: distribution.count > 0 ? `p50 ${ms3(p50)}  p99 ${ms3(p99)} ms` : '',
  };
}

/** The io that a stage depends on: loads wait for reads, and a hand-off for room in the queue of writes. */
function ioCauses(state: TraceState, { stage }: StageShare): Cause[] {
  if (stage !== 'wait' && stage !== 'handoff') return [];
  const direction = stage === 'wait' ? 'read' : 'write';
  return TIERS.flatMap((tier) => {
    const { calls, queue } = state.tiers[tier].io[direction];
    if (calls.count === 0) return [];
    const detail = `p50 ${ms3(quantileOf(calls, 0.5))}  p99 ${ms3(quantileOf(calls, 0.99))} ms`;
    const queued = queue.count === 0 ? '' : `, queued p99 ${ms3(quantileOf(queue, 0.99))} ms`;
    return [{ title: `io ${direction} ${tier}`, detail: detail + queued }];
  });
}

function ms3(ms: number): string {
  return ms.toFixed(ms < 100 ? 3 : 1);
}
