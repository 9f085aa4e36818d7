import { expect, it, onTestFinished, vi } from 'vitest';
import { environmentResource } from '../src/resource.ts';

/** Variables for one test. */
function environment(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

it('names the service and instance that the standard variables name', () => {
  environment({ OTEL_SERVICE_NAME: 'decode', OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=node-7' });
  expect(environmentResource('kvscope').attributes).toMatchObject({
    'service.name': 'decode',
    'service.instance.id': 'node-7',
  });
});

it('has a name for the service where they name none', () => {
  environment({ OTEL_SERVICE_NAME: '', OTEL_RESOURCE_ATTRIBUTES: '' });
  expect(environmentResource('kvscope').attributes['service.name']).toBe('kvscope');
  expect(environmentResource().attributes['service.name']).toMatch(/^unknown_service/);
});
