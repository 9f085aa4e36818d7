import { EVENT_NAMES } from '../events.js';
import { subscriberName } from './attributes.js';
import { attribute, defineMetrics } from './declaration.js';

/** The bus about itself. */
export const busMetrics = defineMetrics('bus', {
  'kv_cache.bus.events': {
    instrument: 'observableCounter',
    unit: '{event}',
    description: 'Events that the bus delivered to at least one subscriber.',
    grain: 'collection',
    attributes: [attribute('kv_cache.event.name', EVENT_NAMES)],
  },
  'kv_cache.bus.subscriber.errors': {
    instrument: 'observableCounter',
    unit: '{error}',
    description:
      'Failures of a subscriber that the bus kept from the publisher and from the other subscribers.',
    grain: 'collection',
    attributes: [subscriberName],
  },
});
