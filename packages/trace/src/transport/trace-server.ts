import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Ring } from '../ring/layout.js';
import type { RingSegment } from '../ring/ring-reader.js';
import type { TraceState } from '../state.js';
import { ensureDirectory, socketPath } from './directory.js';
import { encodeJson, FRAME, type Hello } from './frames.js';
import { ViewerConnection } from './viewer-connection.js';

const MAX_VIEWERS = 16;
/** A viewer that does not take its last frames in this time does not get them. */
const LINGER_MS = 1000;

export interface TraceServerOptions {
  readonly directory: string;
  readonly pid: number;
  readonly drain: number;
  readonly hello: () => Hello;
  readonly state: () => TraceState;
  /** Told how many viewers there are, whenever that changes. */
  readonly viewers: (count: number) => void;
  /** A line of explanation. */
  readonly note: (line: string) => void;
}

/** Serves what a drain knows to viewers on this host. A viewer's fate is its own: nobody waits for it. */
export class TraceServer {
  readonly #options: TraceServerOptions;
  readonly #server: Server = createServer((socket) => this.#connected(socket));
  readonly #viewers = new Set<ViewerConnection>();
  #path: string | undefined;

  constructor(options: TraceServerOptions) {
    this.#options = options;
  }

  /** @returns the socket's path; undefined, with a note, where none can be had: the trace goes on without viewers */
  async listen(): Promise<string | undefined> {
    const { directory, pid, drain, note } = this.#options;
    try {
      ensureDirectory(directory);
      const path = socketPath(directory, pid, drain);
      // One of our own process id that is there already is from a process that is gone.
      rmSync(path, { force: true });
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject);
        this.#server.listen(path, resolve);
      });
      this.#server.removeAllListeners('error');
      this.#server.on('error', (error) => note(`no further viewer can attach: ${error.message}`));
      chmodSync(path, 0o600);
      this.#path = path;
      return path;
    } catch (error) {
      note(`no viewer can attach: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** Sends the state to those who want it, which is made only when there are any. */
  sendState(): void {
    const wanting = [...this.#viewers].filter(({ want }) => want?.kind === 'state');
    if (wanting.length === 0) return;
    const frame = encodeJson(FRAME.state, this.#options.state());
    for (const viewer of wanting) viewer.sendState(frame);
  }

  sendRecords(ring: Ring, segment: RingSegment): void {
    for (const viewer of this.#viewers) viewer.sendRecords(ring, segment);
  }

  /** Sends what is the last, and lets go of everybody. */
  async close(reason: string): Promise<void> {
    this.sendState();
    const sockets = [...this.#viewers].map(({ socket }) => socket);
    for (const viewer of this.#viewers) {
      viewer.sendRecordCounts();
      viewer.bye(reason);
    }
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const impatient = setTimeout(() => sockets.forEach((socket) => void socket.destroy()), LINGER_MS);
    if (this.#path !== undefined) {
      await closed;
      rmSync(this.#path, { force: true });
    }
    clearTimeout(impatient);
  }

  #connected(socket: Socket): void {
    const viewer = new ViewerConnection(socket, ({ want }) => {
      if (want?.kind === 'state') this.sendState();
    });
    // One that is killed, say. Its socket is closed next.
    socket.on('error', () => undefined);
    if (this.#viewers.size >= MAX_VIEWERS) {
      viewer.bye(`${MAX_VIEWERS} viewers are attached already`);
      return;
    }
    this.#viewers.add(viewer);
    this.#options.viewers(this.#viewers.size);
    socket.on('close', () => {
      this.#viewers.delete(viewer);
      this.#options.viewers(this.#viewers.size);
      const { dropped, missed } = viewer;
      if (dropped + missed > 0) {
        this.#options.note(
          `a viewer read too slowly: ${dropped} records and ${missed} states were not sent to it`,
        );
      }
    });
    socket.write(encodeJson(FRAME.hello, this.#options.hello()));
  }
}
