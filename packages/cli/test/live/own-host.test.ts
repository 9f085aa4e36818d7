import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { isOwnHost } from '../../src/live/own-host.ts';

const LOOPBACK = '127.0.0.1';
const ANYWHERE = '0.0.0.0';

it.each([
  ['127.0.0.1:8080', LOOPBACK],
  ['localhost:8080', LOOPBACK],
  ['LOCALHOST', LOOPBACK],
  ['[::1]:8080', LOOPBACK],
  ['192.168.1.7:8080', ANYWHERE],
  ['[fe80::1]:8080', '::'],
  ['cache.example:8080', 'cache.example'],
  [`${hostname()}:8080`, ANYWHERE],
])('%s names a server that listens at %s', (header, listening) => {
  expect(isOwnHost(header, listening)).toBe(true);
});

it.each([
  ['attacker.example', LOOPBACK],
  ['attacker.example:8080', ANYWHERE],
  ['localhost.attacker.example', LOOPBACK],
  ['127.0.0.1.attacker.example', ANYWHERE],
  ['192.168.1.7', LOOPBACK],
  ['user@localhost', LOOPBACK],
  ['localhost:8080:9090', LOOPBACK],
  ['', LOOPBACK],
  [undefined, LOOPBACK],
])('%s does not name a server that listens at %s', (header, listening) => {
  expect(isOwnHost(header, listening)).toBe(false);
});
