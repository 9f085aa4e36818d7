// An application's own SDK set-up, loaded before @kvscope/register.
import { metrics } from '@opentelemetry/api';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';

class Reader extends MetricReader {
  async onShutdown() {}
  async onForceFlush() {}
}

const reader = new Reader();
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
globalThis.printFigures = async () => {
  const { resourceMetrics } = await reader.collect();
  const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  console.log(
    'stores',
    all.find(({ descriptor }) => descriptor.name === 'kv_cache.stores').dataPoints[0].value,
  );
};
