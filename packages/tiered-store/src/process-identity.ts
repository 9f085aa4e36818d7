import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Names one process for good: a process id alone is given to another process some day. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When it started, as its system tells it; empty where the system does not (other systems than Linux). */
  readonly started: string;
}

export async function thisProcess(): Promise<ProcessIdentity> {
  return { host: hostname(), pid: process.pid, started: await startOf(process.pid) };
}

/** Whether the process still runs. True for one of another host, of which nothing can be told from here. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  if (identity.host !== hostname()) return true;
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = await startOf(identity.pid);
  return started === '' || identity.started === '' || started === identity.started;
}

export function sameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.host === b.host && a.pid === b.pid && a.started === b.started;
}

/** Field 22 of /proc/PID/stat (proc(5)): ticks from boot to the start of the process. Zombies count as gone. */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in field 2 may hold spaces and parentheses: count from behind its last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'gone' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
