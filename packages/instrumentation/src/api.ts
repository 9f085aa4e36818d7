/**
 * The OpenTelemetry API that the instrumentation records through. An entry point that starts an SDK takes it from
 * here: a copy of its own, in another version, could not join the application's.
 */
export { createNoopMeter, type DiagLogger, DiagLogLevel, diag, metrics } from '@opentelemetry/api';
export { registerInstrumentations } from '@opentelemetry/instrumentation';
