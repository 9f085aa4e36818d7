import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Descriptors that are looked at; a tree that has more is told as "at least". */
const MAX_DESCRIPTORS = 20_000;
const ESTABLISHED = '01';
const STATE_COLUMN = 3;
const INODE_COLUMN = 9;

/**
 * Established TCP connections of processes and all their descendants, each socket once, from /proc.
 * @returns undefined where there is no /proc, or none of the processes is left
 */
export function tcpConnections(pids: readonly number[]): number | undefined {
  try {
    const tree = withDescendants(pids);
    const sockets = new Set<string>();
    let looked = 0;
    for (const pid of tree) {
      for (const descriptor of list(`/proc/${pid}/fd`)) {
        if (looked++ >= MAX_DESCRIPTORS) break;
        const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${descriptor}`))?.[1];
        if (inode !== undefined) sockets.add(inode);
      }
    }
    if (looked === 0) return undefined;
    const established = tree.flatMap((pid) =>
      ['tcp', 'tcp6'].flatMap((table) => inodes(`/proc/${pid}/net/${table}`)),
    );
    return new Set(established.filter((inode) => sockets.has(inode))).size;
  } catch {
    return undefined;
  }
}

function withDescendants(pids: readonly number[]): number[] {
  const children = new Map<number, number[]>();
  for (const name of list('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = new Set(pids);
  for (const pid of tree) for (const child of children.get(pid) ?? []) tree.add(child);
  return [...tree];
}

function parentOf(pid: number): number | undefined {
  // The command's name is in parentheses and may have anything in it.
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ');
  return fields?.[1] === undefined ? undefined : Number(fields[1]);
}

function inodes(table: string): string[] {
  return read(table)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[STATE_COLUMN] === ESTABLISHED)
    .map((columns) => columns[INODE_COLUMN] as string);
}

/** Processes come and go while they are looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
