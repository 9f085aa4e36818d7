import type { Bus, Handler } from './bus.js';
import type { Clock } from './clock.js';
import type { EventMap, EventName } from './events.js';
import type {
  AttributeValues,
  MetricDeclaration,
  MetricFamily,
  MetricSet,
  NamesOf,
} from './metrics/declaration.js';
import { attributeSetsOf } from './recording/attribute-sets.js';
import type { AttributeSet, BoundCounter, BoundHistogram, Recorder, Report } from './recording/recorder.js';
import { type Series, SeriesTable } from './recording/series.js';
import type { Sampler } from './sampling.js';
import type { Source } from './source.js';
import { requireThat } from './validation.js';

type Observed = 'observableCounter' | 'observableUpDownCounter' | 'observableGauge';

type Bind<B> = (name: string, metric: MetricDeclaration, attributes: AttributeSet) => B;

/** Reports a value while metrics are collected; the values stand in the order of the declared attributes. */
export type Observe<M extends MetricSet, Names extends NamesOf<M, Observed> = NamesOf<M, Observed>> = <
  N extends Names,
>(
  name: N,
  value: number,
  source: Source | undefined,
  ...values: AttributeValues<M[N]>
) => void;

/** What a subscriber is given when it starts. All that is taken from it is given back when it stops. */
export interface SubscriberContext<M extends MetricSet> {
  readonly clock: Clock;
  readonly sampler: Sampler;
  /** Sources that answer occupancy. */
  readonly sources: ReadonlySet<Source>;
  on<T extends EventName>(type: T, handler: Handler<EventMap[T]>): void;
  /** Runs `task` each `intervalMs`; never keeps the process alive. */
  every(intervalMs: number, task: () => void): void;
  histogram<N extends NamesOf<M, 'histogram'>>(name: N): Series<BoundHistogram, AttributeValues<M[N]>>;
  counter<N extends NamesOf<M, 'counter'>>(name: N): Series<BoundCounter, AttributeValues<M[N]>>;
  /** Calls `collect` when metrics are collected, never otherwise. It may report the metrics of `names` only. */
  observe<N extends NamesOf<M, Observed>>(
    names: readonly N[],
    collect: (observe: Observe<M, N>) => void,
  ): void;
  /** Runs `release` when the subscriber stops: gives back what did not come from here, such as a thread. */
  onStop(release: () => void): void;
  /** Counts a failure under the subscriber's name without throwing. */
  fail(error: unknown): void;
}

/** Turns one concern's events into instruments. Its state lives in what `start` closes over, and goes with it. */
export interface Subscriber<M extends MetricSet = MetricSet, O = unknown> {
  readonly name: string;
  readonly family: MetricFamily<M>;
  /**
   * Checks options without starting, so that a wrong one is told when it is given.
   * @throws RangeError when they are outside their range
   */
  validate?(options?: O): void;
  /** @throws RangeError when `options` are outside their range */
  start(context: SubscriberContext<M>, options?: O): void;
}

export interface SubscriberEnvironment {
  readonly bus: Bus;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly sampler: Sampler;
}

export interface RunningSubscriber {
  /** Takes back every handler, timer and callback. Safe to call again. */
  stop(): void;
}

/** Gives back one thing that a subscriber took. */
type Undo = () => void;

/** Starts a subscriber; when its start throws, nothing of it stays. */
export function startSubscriber<M extends MetricSet, O>(
  subscriber: Subscriber<M, O>,
  environment: SubscriberEnvironment,
  options?: O,
): RunningSubscriber {
  const taken: Undo[] = [];
  let stopped = false;
  const keep = (undo: Undo): void => {
    // What a stopped subscriber still takes, from a handler under way say, must not outlive it either.
    if (stopped) undo();
    else taken.push(undo);
  };
  const stop = (): void => {
    stopped = true;
    for (const undo of taken.splice(0)) {
      try {
        undo();
      } catch (error) {
        // An application's own clock or meter may fail here; the rest is given back all the same.
        environment.bus.fail(subscriber.name, error);
      }
    }
  };
  try {
    subscriber.start(createContext(subscriber, environment, keep), options);
  } catch (error) {
    stop();
    throw error;
  }
  return { stop };
}

function createContext<M extends MetricSet>(
  { name: subscriber, family }: Subscriber<M, never>,
  { bus, recorder, clock, sampler }: SubscriberEnvironment,
  keep: (undo: Undo) => void,
): SubscriberContext<M> {
  const sets = attributeSetsOf(recorder);
  const fail = (error: unknown): void => bus.fail(subscriber, error);
  const guarded = (task: () => void) => (): void => {
    try {
      task();
    } catch (error) {
      fail(error);
    }
  };
  const series = <N extends keyof M & string, B>(name: N, bind: Bind<B>) => {
    const metric = family.metrics[name] as M[N];
    return new SeriesTable(metric.attributes.length, (source, values) =>
      bind(name, metric, sets.of(source, metric.attributes, values)),
    ) as unknown as Series<B, AttributeValues<M[N]>>;
  };

  return {
    clock,
    sampler,
    sources: bus.sources,
    on: (type, handler) => keep(bus.subscribe(type, subscriber, handler)),
    every: (intervalMs, task) => keep(clock.every(intervalMs, guarded(task))),
    histogram: (name) => series(name, recorder.histogram),
    counter: (name) => series(name, recorder.counter),
    observe(names, collect) {
      const metrics = Object.fromEntries(names.map((name) => [name, family.metrics[name] as M[string]]));
      const reportTo = (report: Report): Observe<M> => {
        return (name, value, source, ...values) => {
          const metric = metrics[name];
          requireThat(metric !== undefined, 'observed metric', name, names.join(', '));
          report(name, value, sets.of(source, metric.attributes, values));
        };
      };
      keep(recorder.observe(metrics, (report) => guarded(() => collect(reportTo(report)))()));
    },
    onStop: keep,
    fail,
  };
}
