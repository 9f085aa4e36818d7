import { expect, it } from 'vitest';
import { publisherBinds, rankEndpoint } from '../../src/transport/endpoint.ts';
import { loadZeromq, ZeromqMissingError } from '../../src/transport/zeromq-module.ts';

it.each([
  ['tcp://127.0.0.1:5557', 0, 'tcp://127.0.0.1:5557'],
  ['tcp://127.0.0.1:5557', 3, 'tcp://127.0.0.1:5560'],
  ['tcp://[::1]:5557', 1, 'tcp://[::1]:5558'],
  ['tcp://*:0', 3, 'tcp://*:0'],
  ['inproc://kv', 2, 'inproc://kv_dp2'],
  ['ipc:///tmp/kv', 2, 'ipc:///tmp/kv'],
])('%s of rank %i is %s', (endpoint, rank, expected) => {
  expect(rankEndpoint(endpoint, rank)).toBe(expected);
});

it.each([
  ['tcp://*:5557', true],
  ['tcp://[::]:5557', true],
  ['ipc:///tmp/kv', true],
  ['inproc://kv', true],
  ['tcp://10.0.0.1:5557', false],
])('a publisher given %s binds it: %s', (endpoint, binds) => {
  expect(publisherBinds(endpoint)).toBe(binds);
});

it('says what to do when zeromq is not installed', async () => {
  const missing = loadZeromq(() => Promise.reject(new Error('ERR_MODULE_NOT_FOUND')));
  await expect(missing).rejects.toBeInstanceOf(ZeromqMissingError);
  await expect(missing).rejects.toThrow(/run "npm install zeromq@6"/);
});
