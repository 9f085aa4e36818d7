import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The longest path that a unix socket can have everywhere. */
const MAX_SOCKET_PATH = 103;
const OTHERS = 0o077;

/** Where the sockets of this user's traced processes are unless it is said otherwise. */
export function traceDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_RUNTIME_DIR } = env;
  if (XDG_RUNTIME_DIR !== undefined && XDG_RUNTIME_DIR !== '') return join(XDG_RUNTIME_DIR, 'kvscope');
  return join(tmpdir(), `kvscope-${process.getuid?.() ?? 0}`);
}

/**
 * Makes the directory unless it is there.
 * @throws Error when it cannot be made, or when anybody else could put a socket there
 */
export function ensureDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { mode, uid } = lstatSync(directory);
  const own = process.getuid === undefined || uid === process.getuid();
  if (!own || (mode & OTHERS) !== 0) {
    throw new Error(`${directory} is open to others; allowed: a directory of this user with mode 0700`);
  }
}

/**
 * The socket of a drain.
 * @param drain tells the drains of a process apart
 * @throws Error when the path is longer than a socket's can be
 */
export function socketPath(directory: string, pid: number, drain: number): string {
  const path = join(directory, `${pid}-${drain}.sock`);
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
    throw new Error(
      `the socket's path ${path} is longer than ${MAX_SOCKET_PATH} bytes; choose another directory`,
    );
  }
  return path;
}

const SOCKET = /^(\d+)-\d+\.sock$/;

/** The process that a socket's file name speaks of; undefined for any other file. */
export function pidOfSocket(name: string): number | undefined {
  const digits = SOCKET.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
