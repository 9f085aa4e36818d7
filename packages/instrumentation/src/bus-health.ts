import { type Bus, busMetrics, EVENT_NAMES, type Subscriber } from '@kvscope/core';
import { BUS_HEALTH } from './resolved-config.js';

/** Reports on the bus itself: what it delivered, and whose handlers failed. */
export function busHealth(bus: Bus): Subscriber<typeof busMetrics.metrics> {
  return {
    name: BUS_HEALTH,
    family: busMetrics,
    start(context) {
      context.observe(['kv_cache.bus.events', 'kv_cache.bus.subscriber.errors'], (report) => {
        for (const name of EVENT_NAMES) {
          const { delivered } = bus.channel(name);
          if (delivered > 0) report('kv_cache.bus.events', delivered, undefined, name);
        }
        for (const [subscriber, errors] of bus.failures) {
          report('kv_cache.bus.subscriber.errors', errors, undefined, subscriber);
        }
      });
    },
  };
}
