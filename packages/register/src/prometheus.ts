import { createServer } from 'node:http';
import type { MetricProducer, MetricReader } from '@opentelemetry/sdk-metrics';
import { closeServer, listen } from './listen.js';

export interface PrometheusEndpoint {
  readonly reader: MetricReader;
  /** Where the metrics are. */
  readonly url: string;
  /** Closes the listener and every connection to it. */
  close(): Promise<void>;
}

export interface PrometheusOptions {
  /** Default: 127.0.0.1, since whoever can connect can read. */
  readonly host?: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** Whether the listener alone keeps the process running. Default: false. */
  readonly keepAlive?: boolean;
  /** Metrics beside those of the SDK. Default: none. */
  readonly metricProducers?: MetricProducer[];
  /** Pages beside the metrics, by path. Default: none. */
  readonly pages?: Readonly<Record<string, () => Page>>;
}

/** A short plain-text answer. */
export interface Page {
  readonly status: number;
  readonly text: string;
}

const METRICS_PATH = '/metrics';

/**
 * Serves metrics in the Prometheus text format.
 * @returns once it listens
 * @throws the listener's error, such as EADDRINUSE
 */
export async function servePrometheus(options: PrometheusOptions): Promise<PrometheusEndpoint> {
  const { PrometheusExporter } = await import('@opentelemetry/exporter-prometheus');
  // Its own server cannot listen on port 0, and reports a port in use to nobody who waits for it.
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    metricProducers: options.metricProducers ?? [],
  });
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (path === METRICS_PATH && reads) exporter.getMetricsRequestHandler(request, response);
    else {
      const page = reads && Object.hasOwn(pages, path) ? pages[path]?.() : undefined;
      const { status, text } = page ?? { status: 404, text: `The metrics are at ${METRICS_PATH}` };
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
    }
  });
  const { host = '127.0.0.1', port, keepAlive = false, pages = {} } = options;
  const url = await listen(server, host, port);
  if (!keepAlive) server.unref();
  return { reader: exporter, url: `${url}${METRICS_PATH}`, close: () => closeServer(server) };
}
