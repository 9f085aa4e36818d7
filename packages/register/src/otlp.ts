import { requireThat } from '@kvscope/core';
import {
  type MetricProducer,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { WatchedExporter } from './watched-exporter.js';

export const OTLP_PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;
export type OtlpProtocol = (typeof OTLP_PROTOCOLS)[number];

export interface OtlpOptions {
  /** Where metrics go; without a path, `/v1/metrics` is added. Default: what the OTEL_EXPORTER_OTLP_* variables say. */
  readonly url?: string;
  /** Default: `http/protobuf`. */
  readonly protocol?: OtlpProtocol;
  /** Time between two exports, in ms. Default: 60,000. */
  readonly intervalMs?: number;
  /** How long one export may take, in ms; at most the interval. Default: 30,000. */
  readonly timeoutMs?: number;
  /** Metrics beside those of the SDK, in the temporality that the exporter wants. Default: none. */
  readonly producersFor?: (exporter: PushMetricExporter) => MetricProducer[];
  /** Told when exports begin to fail. */
  readonly onFailure: (error: Error) => void;
}

const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_TIMEOUT_MS = 30_000;

/** @throws RangeError for a URL or protocol that cannot be used; Error when the exporter's package is missing */
export async function createOtlpReader(options: OtlpOptions) {
  const exporter = new WatchedExporter(await otlpExporter(options), options.onFailure);
  const intervalMs = options.intervalMs ?? DEFAULT_INTERVAL_MS;
  const reader = new PeriodicExportingMetricReader({
    exporter,
    metricProducers: options.producersFor?.(exporter) ?? [],
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, intervalMs),
  });
  return { reader, exporter };
}

async function otlpExporter({ url, protocol = 'http/protobuf' }: OtlpOptions): Promise<PushMetricExporter> {
  requireThat(OTLP_PROTOCOLS.includes(protocol), 'OTLP protocol', protocol, OTLP_PROTOCOLS.join(', '));
  const target = url === undefined ? {} : { url: metricsUrl(url, protocol) };
  if (protocol === 'grpc') return new (await grpcExporter())(target);
  const { OTLPMetricExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-metrics-otlp-http')
      : await import('@opentelemetry/exporter-metrics-otlp-proto');
  return new OTLPMetricExporter(target);
}

function metricsUrl(text: string, protocol: OtlpProtocol): string {
  const url = URL.parse(text);
  requireThat(
    url !== null && (url.protocol === 'http:' || url.protocol === 'https:'),
    'OTLP URL',
    text,
    'an http or https URL, such as http://127.0.0.1:4318',
  );
  if (url.pathname === '/' && protocol !== 'grpc') url.pathname = '/v1/metrics';
  return url.href;
}

type ExporterClass = new (options: { url?: string }) => PushMetricExporter;

/** gRPC brings a large dependency that few need: it is the user's to install. */
async function grpcExporter(): Promise<ExporterClass> {
  const name: string = '@opentelemetry/exporter-metrics-otlp-grpc';
  try {
    return ((await import(name)) as { OTLPMetricExporter: ExporterClass }).OTLPMetricExporter;
  } catch (cause) {
    throw new Error(`OTLP over gRPC needs ${name}. Install it, or use http/protobuf.`, { cause });
  }
}
