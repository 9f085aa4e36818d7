import { unlinkSync } from 'node:fs';

const sockets = new Set<string>();

/**
 * Removes a socket when the process ends: the thread that listens to it is cut off then, and cannot clear up.
 * @returns takes it back
 */
export function removeAtExit(socket: string): () => void {
  if (sockets.size === 0) process.on('exit', removeAll);
  sockets.add(socket);
  return () => {
    sockets.delete(socket);
    if (sockets.size === 0) process.off('exit', removeAll);
  };
}

function removeAll(): void {
  for (const socket of sockets) {
    try {
      unlinkSync(socket);
    } catch {
      // It is removed already.
    }
  }
}
