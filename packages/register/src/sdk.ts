import { KvCacheInstrumentation } from '@kvscope/instrumentation';
import { createNoopMeter, diag, metrics, registerInstrumentations } from '@kvscope/instrumentation/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { logDiagnostics } from './diagnostics.js';
import { onExit } from './exit.js';
import { startReaders } from './readers.js';
import { environmentResource } from './resource.js';
import { readSettings } from './settings.js';

/**
 * Registers kvscope with the global meter provider; where there is none yet, with one that it sets up from the
 * standard OTEL_* variables. Whatever goes wrong is told through `diag`, never thrown into the application.
 */
export async function startSdk(env: NodeJS.ProcessEnv): Promise<void> {
  logDiagnostics(env.OTEL_LOG_LEVEL);
  try {
    const settings = readSettings(env);
    if (settings.disabled) {
      diag.info('kvscope: off, since OTEL_SDK_DISABLED is true');
    } else if (hasProvider()) {
      announce(new KvCacheInstrumentation(), 'the meter provider that was already there');
    } else {
      // The SDK is ours, with no Views that the fast path would pass by: unless told otherwise it is the way to take.
      const chosen = env.OTEL_INSTRUMENTATION_KV_CACHE_AGGREGATION ? {} : ({ aggregation: 'fast' } as const);
      const instrumentation = new KvCacheInstrumentation(chosen);
      const started = await startReaders(settings, instrumentation);
      if (started.length === 0) {
        instrumentation.disable();
        diag.info('kvscope: off, since no metrics exporter is on');
        return;
      }
      const provider = new MeterProvider({
        resource: environmentResource(),
        readers: started.map(({ reader }) => reader),
      });
      metrics.setGlobalMeterProvider(provider);
      onExit(async () => {
        await provider.shutdown();
        await Promise.all(started.map(({ close }) => close?.()));
      });
      announce(instrumentation, started.map(({ description }) => description).join(', '));
    }
  } catch (error) {
    diag.error(`kvscope: could not be registered. ${error instanceof Error ? error.stack : error}`);
  }
}

function announce(instrumentation: KvCacheInstrumentation, destination: string): void {
  registerInstrumentations({ instrumentations: [instrumentation] });
  const on = instrumentation.subscribers.join(', ') || 'nothing, by configuration';
  diag.info(`kvscope: on: ${on}; metrics to ${destination}`);
}

/** The API hands out one and the same no-op meter for as long as no provider is set. */
function hasProvider(): boolean {
  return metrics.getMeterProvider().getMeter('kvscope') !== createNoopMeter();
}
