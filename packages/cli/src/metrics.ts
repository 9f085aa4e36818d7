import { KvCacheInstrumentation, type Plugin, SUBSCRIBER_NAMES } from '@kvscope/instrumentation';
import {
  createOtlpReader,
  environmentResource,
  type OtlpProtocol,
  type Page,
  type PrometheusEndpoint,
  type PrometheusOptions,
  servePrometheus,
} from '@kvscope/register/exporters';
import type { Diagnosis } from '@kvscope/report';
import type { ReuseOptions } from '@kvscope/subscriber-reuse';
import { MeterProvider, type MetricReader } from '@opentelemetry/sdk-metrics';
import type { Address } from './arguments.js';
import { InMemoryReader, type MetricValues } from './metric-reader.js';
import { type ReportingOptions, startReporting } from './report/reporting.js';
import type { RunDescription } from './report/run-report.js';
import { startLogging, wantsView } from './verbosity.js';
import { createLiveRun } from './view/live-run.js';
import { metricTotals } from './view/metric-totals.js';

export interface MetricsOptions extends ReportingOptions {
  readonly subscribers: readonly string[];
  readonly sampleRate: number;
  readonly seed: number;
  /** The evict-reuse window, in seconds. */
  readonly window: number;
  /** Where Prometheus may scrape. */
  readonly prometheus?: Address;
  /** Where metrics are sent. */
  readonly otlp?: string;
  /** How many -v there are. */
  readonly verbose: number;
  /** Whether standard output is for machines. */
  readonly json: boolean;
}

/** What a command adds to the metrics of every command. */
export interface MetricsExtras {
  /** Subscribers beside those that flags choose. */
  readonly plugins?: readonly Plugin[];
  /** Options of the reuse subscriber, which is on then whatever flags choose. */
  readonly reuse?: ReuseOptions;
  /** What time it is for a diagnosis and a report, in s since the epoch. Default: now. */
  readonly clock?: () => number;
  /** How a report speaks of the run. */
  readonly description?: RunDescription;
  /** Pages beside the metrics, where they are served. */
  readonly pages?: Readonly<Record<string, () => Page>>;
}

export interface RunningMetrics {
  /** Where Prometheus may scrape, once it listens. */
  readonly url: string | undefined;
  /** Where the report is, while the run goes on. */
  readonly pageUrl: string | undefined;
  read(): Promise<MetricValues>;
  /** The work begins: returns once its live view is attached, if one was asked for. See {@link LiveRun.begin}. */
  beginWork(ownTimes?: boolean): Promise<void>;
  /**
   * Time has passed for those who do the work; where it does not pass as on a clock, they say so.
   * @returns what is to be waited for before it goes on, if anything
   */
  timePassed(): Promise<void> | undefined;
  /**
   * The work is done; what follows before {@link endWork} is tidying up, which no diagnosis is to take for work. Safe
   * to call again, and done by {@link endWork} where it was not.
   */
  workDone(): Promise<void>;
  /** The work is over: returns once the live view has left the terminal. Safe to call again. */
  endWork(): Promise<void>;
  /** What ails the run, from its begin to its end; undefined unless it was asked for. */
  diagnosis(source: string): Promise<Diagnosis | undefined>;
  /**
   * Writes the report where that was asked for.
   * @returns the file
   * @throws Error when it cannot be written
   */
  writeReport(): Promise<string | undefined>;
  /**
   * Sends what is left, and stops; a second call does nothing more.
   * @throws Error when it could not be sent
   */
  stop(): Promise<void>;
}

/** Starts the chosen subscribers on an OTel SDK whose figures are read in memory, and exported where asked. */
export async function startMetrics(
  options: MetricsOptions,
  { plugins = [], pages = {}, reuse, clock, description = { subject: 'kvscope' } }: MetricsExtras = {},
): Promise<RunningMetrics> {
  const view = wantsView(options.verbose)
    ? createLiveRun(async () => metricTotals(await figures.read()), options.json)
    : undefined;
  startLogging(options.verbose);
  const config = { ...configuration(options), ...(reuse && { reuse }), plugins };
  // Off until nothing can fail any more.
  const instrumentation = new KvCacheInstrumentation({
    ...config,
    trace: view?.trace ?? config.trace,
    enabled: false,
  });
  const metricProducers = [instrumentation.metricProducer];
  const figures: InMemoryReader = new InMemoryReader({ metricProducers });
  const readers: MetricReader[] = [figures];
  const otlp = options.otlp === undefined ? undefined : await startOtlp(options.otlp, instrumentation);
  if (otlp !== undefined) readers.push(otlp.reader);
  // Last of what can fail: what listens keeps the process alive.
  const run = { collect: () => figures.scrape(), clock, description };
  const { recording, report, page } = await startReporting(options, run);
  const endpoint = await endpointOf(options, { pages, metricProducers }).catch(async (error: unknown) => {
    await page?.close();
    throw error;
  });
  if (endpoint !== undefined) readers.push(endpoint.reader);

  const provider = new MeterProvider({ resource: environmentResource('kvscope'), readers });
  instrumentation.setMeterProvider(provider);
  instrumentation.enable();

  async function stop(): Promise<void> {
    try {
      await endWork();
      // The readers collect once more while they shut down, so that the subscribers stop after them.
      await provider.shutdown();
    } finally {
      // What listens keeps the process alive.
      instrumentation.disable();
      await endpoint?.close();
      await page?.close();
    }
    if (otlp?.exporter.failure !== undefined) {
      throw new Error(`metrics could not be sent to ${options.otlp}: ${otlp.exporter.failure.message}`);
    }
  }
  const workDone = async (): Promise<void> => recording?.end();
  const endWork = async (): Promise<void> => {
    await workDone();
    await page?.finish();
    await view?.end(() => instrumentation.setConfig({ ...config, trace: config.trace }));
  };
  let stopped: Promise<void> | undefined;
  return {
    url: endpoint?.url,
    pageUrl: page?.url,
    read: () => figures.read(),
    async beginWork(ownTimes) {
      await view?.begin(ownTimes);
      await recording?.begin();
    },
    timePassed: () => recording?.passed(),
    workDone,
    endWork,
    diagnosis: async (source) => (options.diagnose ? recording?.diagnosis(source) : undefined),
    async writeReport() {
      if (options.report !== undefined) await report?.write(options.report);
      return options.report;
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

async function endpointOf(
  { prometheus }: MetricsOptions,
  serves: Pick<PrometheusOptions, 'pages' | 'metricProducers'>,
): Promise<PrometheusEndpoint | undefined> {
  return prometheus && servePrometheus({ ...prometheus, ...serves, keepAlive: true });
}

/** Every flag is given, so that the environment cannot make two equal commands differ. */
function configuration({ subscribers, sampleRate, seed, window }: MetricsOptions) {
  const flags = Object.fromEntries(SUBSCRIBER_NAMES.map((name) => [name, subscribers.includes(name)]));
  return {
    ...flags,
    enabled: true,
    aggregation: 'fast',
    sampleRate,
    sampleSeed: seed,
    lifecycle: subscribers.includes('lifecycle') && { evictReuseWindow: window },
    trace: subscribers.includes('trace'),
  } as const;
}

function startOtlp(url: string, instrumentation: KvCacheInstrumentation) {
  const protocol = process.env.OTEL_EXPORTER_OTLP_PROTOCOL as OtlpProtocol | undefined;
  const onFailure = (error: Error) =>
    void process.stderr.write(`kvscope: metrics cannot be sent to ${url} for now: ${error.message}\n`);
  return createOtlpReader({
    url,
    ...(protocol && { protocol }),
    producersFor: (exporter) => [instrumentation.metricProducerFor(exporter)],
    onFailure,
  });
}
