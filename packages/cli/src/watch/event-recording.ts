import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { EVENT_NAMES, getBus } from '@kvscope/core';
import { EventLineEncoder } from '@kvscope/sources';

/** A file that every event of the bus is written to. */
export interface EventRecording {
  /** Why nothing is written any more; undefined while all is well. */
  readonly failure: Error | undefined;
  /** Writes what is held. */
  flush(): void;
  /** Writes what is held and listens no more. Safe to call again. */
  close(): void;
}

const CHUNK_CHARACTERS = 256 * 1024;

/**
 * Writes every event as a line of NDJSON, at once and not behind a queue: when the disk is slower than the stream,
 * the stream waits in its own bounded queue, where what is dropped is counted.
 * @param onFailure told once when the file can no longer be written; the recording ends there
 * @param inputs files that are read, which are not overwritten
 * @throws Error when the file cannot be opened, or is one of the inputs
 */
export function startRecording(
  file: string,
  onFailure: (error: Error) => void,
  inputs: readonly string[] = [],
  bus = getBus(),
): EventRecording {
  const input = inputs.find((each) => isSameFile(each, file));
  if (input !== undefined) throw new Error(`--record ${file}: is what is read; choose another file`);
  const descriptor = opened(file);
  const encoder = new EventLineEncoder();
  let held = '';
  let failure: Error | undefined;
  let closed = false;

  const flush = (): void => {
    if (held === '' || closed) return;
    const bytes = Buffer.from(held);
    held = '';
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
    } catch (error) {
      failure = error as Error;
      stop();
      onFailure(failure);
    }
  };
  const unsubscribe = EVENT_NAMES.map((type) =>
    bus.subscribe(type, 'recording', (event) => {
      held += `${encoder.encode(type, event)}\n`;
      if (held.length >= CHUNK_CHARACTERS) flush();
    }),
  );
  function stop(): void {
    if (closed) return;
    closed = true;
    for (const silence of unsubscribe) silence();
    closeSync(descriptor);
  }
  return {
    get failure() {
      return failure;
    },
    flush,
    close() {
      flush();
      stop();
    },
  };
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

function opened(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (cause) {
    throw new Error(`--record ${file}: cannot be written: ${(cause as Error).message}`, { cause });
  }
}
