import { type DiagLogger, DiagLogLevel, diag } from '@kvscope/instrumentation/api';

const LEVELS: Readonly<Record<string, DiagLogLevel>> = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  all: DiagLogLevel.ALL,
};

const API = Symbol.for('opentelemetry.js.api.1');

/**
 * Sends `diag` to standard error at the level of OTEL_LOG_LEVEL (default: info), unless the application has a logger of
 * its own. Standard output stays the application's.
 */
export function logDiagnostics(level: string | undefined): void {
  const registered = (globalThis as { [API]?: { diag?: unknown } })[API];
  if (registered?.diag !== undefined) return;
  const write = (...parts: unknown[]): void => console.error(...parts);
  const logger: DiagLogger = { error: write, warn: write, info: write, debug: write, verbose: write };
  diag.setLogger(logger, LEVELS[level?.trim().toLowerCase() ?? ''] ?? DiagLogLevel.INFO);
}
