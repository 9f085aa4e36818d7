import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';

type ExportResult = Parameters<Parameters<PushMetricExporter['export']>[1]>[0];

/** `ExportResultCode.SUCCESS` of @opentelemetry/core, which takes an application 6 ms to load for this one number. */
const SUCCESS: ExportResult['code'] = 0;

/**
 * Remembers how the last export ended and tells of a failure once, until exports succeed again: a collector that is
 * away for an hour is one line, not one every interval. What is behind it always seems to succeed.
 */
export class WatchedExporter implements PushMetricExporter {
  readonly #exporter: PushMetricExporter;
  readonly #tell: (error: Error) => void;
  #failure: Error | undefined;

  constructor(exporter: PushMetricExporter, tell: (error: Error) => void) {
    this.#exporter = exporter;
    this.#tell = tell;
    // Optional methods stay absent where the exporter has none: the reader looks for them.
    if (exporter.selectAggregationTemporality !== undefined) {
      this.selectAggregationTemporality = exporter.selectAggregationTemporality.bind(exporter);
    }
    if (exporter.selectAggregation !== undefined) {
      this.selectAggregation = exporter.selectAggregation.bind(exporter);
    }
  }

  readonly selectAggregationTemporality?: NonNullable<PushMetricExporter['selectAggregationTemporality']>;
  readonly selectAggregation?: NonNullable<PushMetricExporter['selectAggregation']>;

  /** Why the last export failed; undefined when it did not. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  export(metrics: ResourceMetrics, done: (result: ExportResult) => void): void {
    this.#exporter.export(metrics, (result) => {
      const failed = result.code !== SUCCESS;
      const error = failed ? (result.error ?? new Error('the export failed')) : undefined;
      if (error !== undefined && this.#failure === undefined) this.#tell(error);
      this.#failure = error;
      done({ code: SUCCESS });
    });
  }

  forceFlush(): Promise<void> {
    return this.#exporter.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }
}
