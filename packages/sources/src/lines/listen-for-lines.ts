import { once } from 'node:events';
import { chmod, lstat, unlink } from 'node:fs/promises';
import { connect, createServer, isIP, type Server, type Socket } from 'node:net';
import { requireThat } from '@kvscope/core';
import { LineFeed } from './line-feed.js';
import { type LineSourceOptions, type LineTarget, lineSettings } from './line-options.js';

/** Where to listen: a unix socket's path, or a TCP port (0 = any free one). */
export type LineAddress =
  | { readonly path: string }
  | {
      readonly port: number;
      /** Default: 127.0.0.1. Others than loopback must be allowed. */
      readonly host?: string;
      /** Listen where other machines can reach it; there is no authentication. Default: false. */
      readonly allowRemote?: boolean;
    };

export interface LineListener {
  /** The path, or `host:port`. */
  readonly address: string;
  /** Closes the connections and stops listening. */
  close(): Promise<void>;
}

/** Each may hold a line's beginning of the largest size. */
const MAX_CONNECTIONS = 16;
const OWNER_ONLY = 0o600;
const LOOPBACK = /^(127\.|::1$|localhost$)/;

/**
 * Takes lines from whoever connects, each connection a stream of its own. Connections are pulled: a writer that is
 * faster than the bus waits, and nothing is dropped.
 * @throws RangeError for an address that is not loopback, or an option outside its range
 * @throws Error when the address is in use
 */
export async function listenForLines(
  address: LineAddress,
  target: LineTarget,
  options: LineSourceOptions = {},
): Promise<LineListener> {
  const { clock, maxLineBytes } = lineSettings(options);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    if (target.statistics.connected === false) target.statistics.connected = true;
    const feed = new LineFeed(target, clock, maxLineBytes);
    socket.on('data', (chunk: Buffer) => feed.push(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      feed.end();
      sockets.delete(socket);
      target.statistics.connected = sockets.size > 0;
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  await ('path' in address ? listenAtPath(server, address.path) : listenAtPort(server, address));
  return {
    address: addressOf(server),
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function listenAtPort(
  server: Server,
  { port, host = '127.0.0.1', allowRemote = false }: Extract<LineAddress, { port: number }>,
): Promise<void> {
  requireThat(
    allowRemote || LOOPBACK.test(host),
    'host',
    host,
    'a loopback address; set allowRemote to listen where other machines can reach it',
  );
  await listening(server, { port, host });
}

async function listenAtPath(server: Server, path: string): Promise<void> {
  try {
    await listening(server, { path });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    // Anything else that is called so is somebody's file.
    if (!(await lstat(path)).isSocket() || (await answers(path))) throw error;
    // Left behind by a process that did not end well.
    await unlink(path);
    await listening(server, { path });
  }
  await chmod(path, OWNER_ONLY);
}

async function listening(
  server: Server,
  where: { path: string } | { port: number; host: string },
): Promise<void> {
  const begun = once(server, 'listening');
  server.listen(where);
  await begun;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') return address ?? '';
  return `${isIP(address.address) === 6 ? `[${address.address}]` : address.address}:${address.port}`;
}
