/** Metric readers for the exporters that kvscope offers; each exporter's code is loaded when it is asked for. */
export { closeServer, listen } from './listen.js';
export { createOtlpReader, OTLP_PROTOCOLS, type OtlpOptions, type OtlpProtocol } from './otlp.js';
export { type Page, type PrometheusEndpoint, type PrometheusOptions, servePrometheus } from './prometheus.js';
export { environmentResource } from './resource.js';
export { WatchedExporter } from './watched-exporter.js';
