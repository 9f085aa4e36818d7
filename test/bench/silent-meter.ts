import type { Meter } from '@opentelemetry/api';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';

/** Keeps the SDK aggregating, and collects only what it is asked for. */
export class SilentReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

/** A meter whose measurements are aggregated and collected by nobody, as between two exports. */
export function silentMeter(): Meter {
  return new MeterProvider({ readers: [new SilentReader()] }).getMeter('bench');
}
