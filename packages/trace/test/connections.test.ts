import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { tcpConnections } from '../src/connections.ts';

it.skipIf(!existsSync('/proc/self/net/tcp'))('counts the established connections of a process', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const before = tcpConnections([process.pid]) as number;
  const accepted = once(server, 'connection');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await Promise.all([once(client, 'connect'), accepted]);
  // Both of its ends are this process's.
  expect(tcpConnections([process.pid])).toBe(before + 2);
  client.destroy();
  server.close();
});

it('cannot tell of a process that is gone', () => {
  // Above the highest process id that Linux gives.
  expect(tcpConnections([2 ** 30])).toBeUndefined();
});
