import { isMainThread } from 'node:worker_threads';
import {
  defaultResource,
  detectResources,
  envDetector,
  processDetector,
  type Resource,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';

/**
 * Who sends: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, with what the process can tell of itself.
 * @param serviceName where the variables give none; default: the SDK's `unknown_service`
 */
export function environmentResource(serviceName?: string): Resource {
  const named = serviceName === undefined ? {} : { 'service.name': serviceName };
  const detected = detectResources({ detectors: detectors() });
  return defaultResource().merge(resourceFromAttributes(named)).merge(detected);
}

/** Threads of a process share all that the standard detectors see: without an id of its own one would pass for another. */
function detectors() {
  const standard = [processDetector, envDetector];
  return isMainThread ? standard : [serviceInstanceIdDetector, ...standard];
}
