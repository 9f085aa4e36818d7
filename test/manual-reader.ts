import { MetricReader } from '@opentelemetry/sdk-metrics';

/** Collects when it is asked to, and sends nothing. */
export class ManualReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}
