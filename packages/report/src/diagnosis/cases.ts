import type { Condition, Observed } from '@kvscope/dashboards';
import type { Answers, Labels, Moment, Sample } from '../answers.js';
import type { Case, Evidence } from './diagnosis.js';

/** Each is compared with each: with more, that takes longer than anybody waits. */
const MOST_PLACES = 4096;
const MOST_SEVERITY = 10;

/** Questions to one source about one window. */
export interface Inquiry {
  readonly answers: Answers;
  readonly moment: Moment;
}

/** A place that may have a playbook's trouble. */
export interface Candidate {
  readonly labels: Labels;
  readonly evidence: readonly Evidence[];
}

export interface Seen {
  /** Places that have enough to be judged. */
  readonly enough: readonly Candidate[];
  /** What there is too little of anywhere, as a person reads it; undefined when there is enough somewhere. */
  readonly lack: string | undefined;
}

/** Where there is enough of everything to judge by. */
export async function seenEnough(observed: readonly Observed[], { answers, moment }: Inquiry): Promise<Seen> {
  let enough: readonly Candidate[] = [{ labels: {}, evidence: [] }];
  for (const { what, query, per, least } of observed) {
    const units = per && (await answers.at(per, moment));
    const counts = (await answers.at(query, moment)).flatMap(({ labels, value }) => {
      const unit = units === undefined ? 1 : units.find((other) => agree(labels, other.labels))?.value;
      return unit === undefined ? [] : [{ labels, value: (value * moment.windowSeconds) / unit }];
    });
    const most = Math.max(0, ...counts.map(({ value }) => value));
    enough = join(
      enough,
      counts.filter(({ value }) => value >= least),
    ).map(([candidate, { labels }]) => ({ ...candidate, labels: { ...candidate.labels, ...labels } }));
    if (enough.length === 0) {
      const few = `too few ${what}: ${Number(most.toPrecision(3))}, and it takes ${least}`;
      return { enough, lack: counts.length === 0 || most === 0 ? `no ${what} were seen` : few };
    }
  }
  return { enough, lack: undefined };
}

export interface Held {
  /** Places where all conditions hold. */
  readonly held: readonly Candidate[];
  /** A figure that could not be had, where that is why there is none. */
  readonly lack: string | undefined;
}

/** The places among `candidates` where all conditions hold. */
export async function whereAllHold(
  conditions: readonly Condition[],
  candidates: readonly Candidate[],
  { answers, moment }: Inquiry,
): Promise<Held> {
  let held = candidates;
  for (const condition of conditions) {
    const samples = await answers.at(condition.query, moment);
    const promql = answers.promql(condition.query, moment.windowSeconds);
    const figures = join(held, samples).map(([{ labels, evidence }, sample]) => ({
      value: sample.value,
      candidate: {
        labels: { ...labels, ...sample.labels },
        evidence: [...evidence, { condition, value: sample.value, labels: sample.labels, promql }],
      },
    }));
    const without = held.filter(({ labels }) => !samples.some((sample) => agree(labels, sample.labels)));
    if (figures.length === 0 && condition.orNone !== true) {
      return { held: [], lack: held.length > 0 ? `no figure for ${condition.figure}` : undefined };
    }
    held = [
      ...figures.filter(({ value }) => meets(condition, value)).map(({ candidate }) => candidate),
      ...(condition.orNone === true
        ? without.map(({ labels, evidence }) => ({
            labels,
            evidence: [...evidence, { condition, labels: {}, promql }],
          }))
        : []),
    ];
    if (held.length === 0) return { held, lack: undefined };
  }
  return { held, lack: undefined };
}

export function caseOf({ labels, evidence }: Candidate): Case {
  const excesses = evidence.flatMap(({ condition, value }) =>
    value === undefined || condition.context ? [] : [excess(condition, value)],
  );
  const severity = excesses.reduce((sum, value) => sum + value, 0) / Math.max(1, excesses.length);
  return { labels, evidence, severity };
}

function meets({ is, bound }: Condition, value: number): boolean {
  return is === 'above' ? value > bound : value < bound;
}

/** How many times past its bound a figure is, as a power of 2. */
function excess({ is, bound }: Condition, value: number): number {
  const times = is === 'above' ? value / bound : bound / value;
  return Math.min(MOST_SEVERITY, Number.isNaN(times) ? 0 : Math.log2(times));
}

function join(candidates: readonly Candidate[], samples: readonly Sample[]): [Candidate, Sample][] {
  const pairs: [Candidate, Sample][] = [];
  for (const candidate of candidates) {
    for (const sample of samples) {
      if (!agree(candidate.labels, sample.labels)) continue;
      if (pairs.push([candidate, sample]) > MOST_PLACES) {
        throw new Error(
          `there are more than ${MOST_PLACES} services and tiers to diagnose; ask for one service alone`,
        );
      }
    }
  }
  return pairs;
}

/** Whether two sets of labels can be of one place: none that both have differs. */
function agree(a: Labels, b: Labels): boolean {
  return Object.entries(b).every(([name, value]) => !Object.hasOwn(a, name) || a[name] === value);
}
