import { BroadcastChannel } from 'node:worker_threads';
import { TraceControl } from '../ring/control.js';
import { INT } from '../ring/layout.js';
import type { RingWriter } from '../ring/ring-writer.js';
import { type AdoptedMessage, DRAIN_CHANNEL, type DrainMessage, type ProducerMessage } from './messages.js';
import type { OpenDrain, OpenedDrain } from './open-drain.js';

/** Checks without a sign of life after which a thread starts a drain of its own; twice as many each time that one has died. */
const PATIENCE = 3;
/** Drains that may die, within the life of the trace, before no other is started. */
const MAX_DEATHS = 5;

export interface AttachmentOptions {
  /** Starts its own drain at once, as the main thread does; otherwise it asks for one first. */
  readonly ownAtOnce: boolean;
  readonly openDrain: OpenDrain;
  readonly directory: string;
  readonly title: string;
  readonly told: (message: DrainMessage) => void;
  readonly failed: (error: Error) => void;
}

/**
 * Finds a drain for the ring of this thread and notices when it is gone. The main thread starts one at once; another
 * thread asks for the one that its process has, and starts its own when none answers. One that has died is followed by
 * another, later each time, up to the fifth. A ring never has two: whoever drains it has to become its owner first.
 */
export class Attachment {
  readonly #writer: RingWriter;
  readonly #options: AttachmentOptions;
  /** Only for a thread that does not start its own drain at once. */
  #channel: BroadcastChannel | undefined;
  #own: OpenedDrain | undefined;
  #beat = -1;
  #silent = 0;
  #deaths = 0;
  #stopped = false;

  constructor(writer: RingWriter, options: AttachmentOptions) {
    this.#writer = writer;
    this.#options = options;
    if (options.ownAtOnce) this.#openOwn();
    else this.#announce();
  }

  /** To be called once a second. */
  check(): void {
    const { ints } = this.#writer.ring;
    ints[INT.beat] = ((ints[INT.beat] as number) + 1) | 0;
    const { beat } = this.#writer.control;
    const alive = beat !== this.#beat && Atomics.load(ints, INT.owner) !== 0;
    this.#beat = beat;
    this.#silent = alive ? 0 : this.#silent + 1;
    if (this.#silent === 0 || this.#own !== undefined) return;
    if (this.#silent < PATIENCE) this.#announce();
    else if (this.#silent >= PATIENCE * 2 ** this.#deaths && this.#deaths < MAX_DEATHS) this.#openOwn();
  }

  /** Hands over what the metrics say. */
  tellTotals(totals: { values: Readonly<Record<string, number>> } | { missing: string }): void {
    if (this.#stopped) return;
    const message = { kind: 'totals', id: this.#id, ...totals } as const;
    if (this.#own === undefined) this.#send(message);
    else this.#own.tell(message);
  }

  /** The drain takes what is left, on its own time. */
  stop(): void {
    if (this.#stopped) return;
    if (this.#own === undefined) this.#send({ kind: 'end', id: this.#id });
    else this.#own.tell({ kind: 'close' });
    this.#stopped = true;
    this.#channel?.close();
  }

  get #id(): number {
    return this.#writer.ring.ints[INT.id] as number;
  }

  #send(message: ProducerMessage): void {
    this.#channel ??= openChannel((data) => this.#adopted(data as AdoptedMessage));
    this.#channel.postMessage(message);
  }

  #announce(): void {
    const { ring } = this.#writer;
    // Whoever had it has not been heard of: it may be taken.
    Atomics.store(ring.ints, INT.owner, 0);
    this.#send({ kind: 'ring', id: this.#id, ring: ring.buffer });
  }

  #adopted(message: AdoptedMessage): void {
    if (message?.kind !== 'adopted' || message.id !== this.#id || this.#stopped) return;
    const before = this.#writer.control.window;
    this.#writer.control = new TraceControl(message.control);
    // A window that this thread has begun on its own is one for all now.
    if (before.epoch > 0 && before.startTime !== undefined && this.#writer.control.window.epoch === 0) {
      this.#writer.control.startWindow(before.name, before.startTime);
    }
    this.#silent = 0;
    this.#beat = -1;
  }

  #openOwn(): void {
    const { openDrain, directory, title, told } = this.#options;
    const { ring, control } = this.#writer;
    Atomics.store(ring.ints, INT.owner, 0);
    try {
      const data = { control: control.buffer, ring: ring.buffer, directory, title };
      this.#own = openDrain(data, { told, failed: (error) => this.#died(error) });
    } catch (error) {
      this.#died(error as Error);
    }
  }

  /** The ring fills up meanwhile, and what it has no room for is dropped and counted. */
  #died(error: Error): void {
    this.#own = undefined;
    this.#silent = 0;
    this.#deaths++;
    const end =
      this.#deaths < MAX_DEATHS ? 'another one follows' : `the last of ${MAX_DEATHS}: no other follows`;
    this.#options.failed(new Error(`${error.message} (${end})`, { cause: error }));
  }
}

/** A channel that does not keep the process alive. */
function openChannel(told: (data: unknown) => void): BroadcastChannel {
  const channel = new BroadcastChannel(DRAIN_CHANNEL);
  channel.onmessage = (event) => told((event as { readonly data: unknown }).data);
  channel.unref();
  return channel;
}
