import { type DiagLogger, diag } from '@opentelemetry/api';
import { expect, it, onTestFinished } from 'vitest';
import { readSettings } from '../src/settings.ts';

function errors(): string[] {
  const messages: string[] = [];
  diag.setLogger({ error: (text: string) => messages.push(text) } as unknown as DiagLogger);
  onTestFinished(() => diag.disable());
  return messages;
}

it('an empty environment, and one of empty variables, have the defaults of the specification', () => {
  const messages = errors();
  const names = ['METRICS_EXPORTER', 'METRIC_EXPORT_INTERVAL', 'METRIC_EXPORT_TIMEOUT', 'SDK_DISABLED'];
  const empty = Object.fromEntries(names.map((name) => [`OTEL_${name}`, ' ']));
  const defaults = {
    disabled: false,
    exporters: ['otlp'],
    otlpProtocol: 'http/protobuf',
    intervalMs: 60_000,
    timeoutMs: 30_000,
    prometheusHost: '127.0.0.1',
    prometheusPort: 9464,
  };
  expect([readSettings({}), readSettings(empty)]).toEqual([defaults, defaults]);
  expect(messages).toEqual([]);
});

it.each([
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http/json'],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'grpc' }, 'grpc'],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: '' }, 'http/json'],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'HTTP/JSON' }, 'http/json'],
])('%o: the protocol is %s', (env, protocol) => {
  expect(readSettings(env).otlpProtocol).toBe(protocol);
});

it.each([
  ['Prometheus, OTLP', ['prometheus', 'otlp']],
  ['console,console', ['console']],
  ['otlp,none', []],
])('exporters %s are %o', (text, exporters) => {
  expect(readSettings({ OTEL_METRICS_EXPORTER: text }).exporters).toEqual(exporters);
});

it.each([
  [
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'carrier pigeon' },
    /protocol is 'carrier pigeon'; allowed: http\/protobuf/,
  ],
  [
    { OTEL_EXPORTER_PROMETHEUS_PORT: '65536' },
    /PROMETHEUS_PORT is '65536'; allowed: .*0 to 65535\. Taking 9464/,
  ],
  [{ OTEL_METRIC_EXPORT_INTERVAL: '0' }, /EXPORT_INTERVAL is '0'; allowed: .*from 1 to .*Taking 60000/],
  [{ OTEL_METRICS_EXPORTER: 'otlp,statsd' }, /is 'otlp,statsd'; allowed: some of otlp, prometheus/],
])('%o is told, and the default taken', (env, message) => {
  const messages = errors();
  expect(readSettings(env)).toEqual(readSettings({}));
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatch(message);
});
