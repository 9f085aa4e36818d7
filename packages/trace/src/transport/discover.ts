import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pidOfSocket, traceDirectory } from './directory.js';
import type { Hello } from './frames.js';
import { attach } from './trace-client.js';

/** A process on this host that has tracing on. */
export interface TracedProcess {
  readonly socket: string;
  readonly hello: Hello;
}

/**
 * Finds the traced processes of this user. The socket of a process that is gone is removed.
 * @param directory where they are looked for
 */
export async function discover(directory = traceDirectory()): Promise<TracedProcess[]> {
  const names = await readdir(directory).catch(() => []);
  const sockets = names
    .filter((name) => pidOfSocket(name) !== undefined)
    .map((name) => join(directory, name));
  const found = await Promise.all(sockets.map(probe));
  return found.filter((process) => process !== undefined).sort((a, b) => a.hello.pid - b.hello.pid);
}

async function probe(socket: string): Promise<TracedProcess | undefined> {
  try {
    const client = await attach(socket, () => ({ want: 'state' }), { ended: () => undefined });
    client.close();
    return { socket, hello: client.hello };
  } catch (error) {
    // Refused: there is a socket, and nobody who listens to it.
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') await rm(socket, { force: true });
    return undefined;
  }
}
