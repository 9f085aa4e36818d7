import { type ChildProcess, spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LEAVE } from './screen.js';

const COMMAND = fileURLToPath(new URL('../../bin/kvscope.js', import.meta.url));
/** A view that does not end by then, once the trace has, is ended. */
const PATIENCE_MS = 5000;

/** The live view of this process, drawn by one of its own: it takes no time of the work that it shows. */
export interface ViewBeside {
  /** Resolves when it is attached, or has ended. */
  readonly attached: Promise<void>;
  /** Lets the view draw its closing frame; the trace must have ended. */
  end(): Promise<void>;
}

/** Where the view is: on standard output when that is a terminal and has no JSON on it, otherwise on standard error. */
export function viewStream(json: boolean): NodeJS.WriteStream & { readonly fd: number } {
  return process.stdout.isTTY && !json ? process.stdout : process.stderr;
}

/**
 * Starts the view beside this process.
 * @param socket of the trace
 * @param freed called when it has left the stream, and nothing is drawn there any more
 */
export function startViewBeside(
  socket: string,
  stream: NodeJS.WriteStream & { readonly fd: number },
  freed: () => void,
): ViewBeside {
  const child = spawn(process.execPath, [COMMAND, 'top', socket, '--beside'], {
    stdio: ['ignore', stream.fd, process.stderr.fd, 'ipc'],
  });
  const ended = endOf(child, stream, freed);
  const told = new Promise<void>((resolve) => child.on('message', () => resolve()));
  return {
    attached: Promise.race([told, ended]),
    async end() {
      const impatient = setTimeout(() => child.kill('SIGTERM'), PATIENCE_MS);
      await ended;
      clearTimeout(impatient);
    },
  };
}

function endOf(
  child: ChildProcess,
  stream: NodeJS.WriteStream & { readonly fd: number },
  freed: () => void,
): Promise<void> {
  return new Promise((resolve) => {
    const over = (explanation: string | undefined): void => {
      freed();
      if (explanation !== undefined) process.stderr.write(`kvscope: ${explanation}\n`);
      resolve();
    };
    child.on('error', (error) => over(`the view did not start, the work goes on: ${error.message}`));
    child.on('close', (code, signal) => {
      // It could not give the terminal back itself.
      if (signal !== null && stream.isTTY) writeSync(stream.fd, LEAVE);
      over(signal === null && code === 0 ? undefined : `the view ended (${signal ?? `exit code ${code}`})`);
    });
  });
}
