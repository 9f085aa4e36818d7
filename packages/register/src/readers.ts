import { diag } from '@kvscope/instrumentation/api';
import {
  ConsoleMetricExporter,
  type MetricReader,
  PeriodicExportingMetricReader,
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

/** A reader for each exporter that can be had; one that cannot is told once and the others go on. */
export async function startReaders(settings: SdkSettings): Promise<StartedReader[]> {
  const started: StartedReader[] = [];
  for (const name of settings.exporters) {
    try {
      const reader = await STARTERS[name]?.(settings);
      if (reader !== undefined) started.push(reader);
    } catch (error) {
      diag.error(`kvscope: the ${name} exporter is off. ${(error as Error).message}`);
    }
  }
  return started;
}

const STARTERS: Readonly<Partial<Record<ExporterName, (settings: SdkSettings) => Promise<StartedReader>>>> = {
  async otlp({ otlpProtocol: protocol, intervalMs, timeoutMs }) {
    const onFailure = (error: Error) =>
      diag.error(
        `kvscope: metrics could not be sent over OTLP; trying on without further word. ${error.message}`,
      );
    const { reader } = await createOtlpReader({ protocol, intervalMs, timeoutMs, onFailure });
    return { reader, description: `OTLP (${protocol}) each ${intervalMs / 1000} s` };
  },
  async prometheus({ prometheusHost: host, prometheusPort: port }) {
    const { reader, url, close } = await servePrometheus({ host, port });
    return { reader, close, description: url };
  },
  async console({ intervalMs, timeoutMs }) {
    const reader = new PeriodicExportingMetricReader({
      exporter: new ConsoleMetricExporter(),
      exportIntervalMillis: intervalMs,
      exportTimeoutMillis: Math.min(timeoutMs, intervalMs),
    });
    return { reader, description: `console each ${intervalMs / 1000} s` };
  },
};
