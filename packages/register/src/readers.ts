import type { KvCacheInstrumentation } from '@kvscope/instrumentation';
import { diag } from '@kvscope/instrumentation/api';
import {
  ConsoleMetricExporter,
  type MetricProducer,
  type MetricReader,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { createOtlpReader } from './otlp.js';
import { servePrometheus } from './prometheus.js';
import type { ExporterName, SdkSettings } from './settings.js';

export interface StartedReader {
  readonly reader: MetricReader;
  /** What a user reads about it. */
  readonly description: string;
  close?(): Promise<void>;
}

/** The metrics that an instrumentation gathers itself, for a reader with `exporter`; none where the SDK gathers them. */
type ProducersFor = (exporter?: PushMetricExporter) => MetricProducer[];

/** A reader for each exporter that can be had; one that cannot is told once and the others go on. */
export async function startReaders(
  settings: SdkSettings,
  instrumentation: KvCacheInstrumentation,
): Promise<StartedReader[]> {
  const producersFor: ProducersFor = (exporter) => {
    if (instrumentation.aggregation !== 'fast') return [];
    return [
      exporter === undefined ? instrumentation.metricProducer : instrumentation.metricProducerFor(exporter),
    ];
  };
  const started: StartedReader[] = [];
  for (const name of settings.exporters) {
    try {
      const reader = await STARTERS[name]?.(settings, producersFor);
      if (reader !== undefined) started.push(reader);
    } catch (error) {
      diag.error(`kvscope: the ${name} exporter is off. ${(error as Error).message}`);
    }
  }
  return started;
}

type Start = (settings: SdkSettings, producersFor: ProducersFor) => Promise<StartedReader>;

const STARTERS: Readonly<Partial<Record<ExporterName, Start>>> = {
  async otlp({ otlpProtocol: protocol, intervalMs, timeoutMs }, producersFor) {
    const onFailure = (error: Error) =>
      diag.error(
        `kvscope: metrics could not be sent over OTLP; trying on without further word. ${error.message}`,
      );
    const { reader } = await createOtlpReader({ protocol, intervalMs, timeoutMs, producersFor, onFailure });
    return { reader, description: `OTLP (${protocol}) each ${intervalMs / 1000} s` };
  },
  async prometheus({ prometheusHost: host, prometheusPort: port }, producersFor) {
    const { reader, url, close } = await servePrometheus({ host, port, metricProducers: producersFor() });
    return { reader, close, description: url };
  },
  async console({ intervalMs, timeoutMs }, producersFor) {
    const exporter = new ConsoleMetricExporter();
    const reader = new PeriodicExportingMetricReader({
      exporter,
      metricProducers: producersFor(exporter),
      exportIntervalMillis: intervalMs,
      exportTimeoutMillis: Math.min(timeoutMs, intervalMs),
    });
    return { reader, description: `console each ${intervalMs / 1000} s` };
  },
};
