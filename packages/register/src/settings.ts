import { diag } from '@kvscope/instrumentation/api';
import { OTLP_PROTOCOLS, type OtlpProtocol } from './otlp.js';

const EXPORTERS = ['otlp', 'prometheus', 'console', 'none'] as const;
export type ExporterName = (typeof EXPORTERS)[number];

/** What the standard OpenTelemetry variables say about metrics, with the specification's defaults. */
export interface SdkSettings {
  readonly disabled: boolean;
  readonly exporters: readonly ExporterName[];
  readonly otlpProtocol: OtlpProtocol;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly prometheusHost: string;
  readonly prometheusPort: number;
}

/** Reads the environment; words in any case, as OpenTelemetry has it. A value that cannot be used is told through `diag` and the default taken. */
export function readSettings(env: NodeJS.ProcessEnv): SdkSettings {
  const whole = (name: string, fallback: number, least: number, most: number): number => {
    const text = env[name]?.trim();
    if (!text) return fallback;
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    diag.error(
      `kvscope: ${name} is '${text}'; allowed: a whole number from ${least} to ${most}. Taking ${fallback}.`,
    );
    return fallback;
  };
  return {
    disabled: env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true',
    exporters: exporters(env.OTEL_METRICS_EXPORTER),
    // A variable that is empty counts as one that is not set.
    otlpProtocol: protocol(
      env.OTEL_EXPORTER_OTLP_METRICS_PROTOCOL?.trim() || env.OTEL_EXPORTER_OTLP_PROTOCOL?.trim(),
    ),
    intervalMs: whole('OTEL_METRIC_EXPORT_INTERVAL', 60_000, 1, 2 ** 31 - 1),
    timeoutMs: whole('OTEL_METRIC_EXPORT_TIMEOUT', 30_000, 1, 2 ** 31 - 1),
    prometheusHost: env.OTEL_EXPORTER_PROMETHEUS_HOST?.trim() || '127.0.0.1',
    prometheusPort: whole('OTEL_EXPORTER_PROMETHEUS_PORT', 9464, 0, 65_535),
  };
}

function exporters(text: string | undefined): ExporterName[] {
  const names = new Set((text?.trim() || 'otlp').split(',').map((name) => name.trim().toLowerCase()));
  const known = [...names].filter((name): name is ExporterName => EXPORTERS.includes(name as ExporterName));
  if (known.length < names.size) {
    diag.error(
      `kvscope: OTEL_METRICS_EXPORTER is '${text}'; allowed: some of ${EXPORTERS.join(', ')}, separated by commas. What is not known was left out.`,
    );
  }
  return known.includes('none') ? [] : known;
}

function protocol(text: string | undefined): OtlpProtocol {
  if (!text) return 'http/protobuf';
  const chosen = text.toLowerCase();
  if (OTLP_PROTOCOLS.includes(chosen as OtlpProtocol)) return chosen as OtlpProtocol;
  diag.error(
    `kvscope: the OTLP protocol is '${text}'; allowed: ${OTLP_PROTOCOLS.join(', ')}. Taking http/protobuf.`,
  );
  return 'http/protobuf';
}
