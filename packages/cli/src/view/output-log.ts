import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where what a process prints goes while something else holds its terminal. */
export interface OutputLog {
  /** Gives the streams back. @returns the file's path; undefined when nothing was written */
  end(): string | undefined;
}

/**
 * Sends what is written to the streams to a file. A file that cannot be written loses it, and the process goes on.
 * @param streams those that are terminals
 */
export function startOutputLog(streams: readonly NodeJS.WriteStream[]): OutputLog {
  const opened = open();
  let written = false;
  let ended = false;
  const writes = streams.map((stream) => {
    const { write } = stream;
    stream.write = ((chunk: Uint8Array | string, ...rest: unknown[]) => {
      written = true;
      append(opened?.descriptor, chunk);
      const done = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined;
      if (done !== undefined) process.nextTick(done);
      return true;
    }) as typeof write;
    return { stream, write };
  });
  return {
    end() {
      if (ended) return undefined;
      ended = true;
      for (const { stream, write } of writes) stream.write = write;
      if (opened === undefined) return undefined;
      closeSync(opened.descriptor);
      if (written) return opened.path;
      rmSync(opened.directory, { recursive: true, force: true });
      return undefined;
    },
  };
}

function open() {
  try {
    const directory = mkdtempSync(join(tmpdir(), 'kvscope-log-'));
    const path = join(directory, 'output.log');
    return { directory, path, descriptor: openSync(path, 'w') };
  } catch {
    return undefined;
  }
}

function append(descriptor: number | undefined, chunk: Uint8Array | string): void {
  if (descriptor === undefined) return;
  try {
    if (typeof chunk === 'string') writeSync(descriptor, chunk);
    else writeSync(descriptor, chunk);
  } catch {
    // A full disk: nobody could be told before the view ends.
  }
}
