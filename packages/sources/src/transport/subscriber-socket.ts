import type { Clock } from '@kvscope/core';
import type { PublisherStream } from './publisher-stream.js';
import type { ZmqModule, ZmqOptions, ZmqSubscriber } from './zeromq-module.js';

export interface SubscriberSocketOptions {
  readonly endpoint: string;
  readonly bind: boolean;
  readonly topic: string;
  /** Name of the publisher that is connected to. */
  readonly name: string;
  /** Makes the stream of a publisher. */
  stream(name: string): PublisherStream;
  closed(stream: PublisherStream): void;
  readonly clock: Clock;
}

/** Publishers that may connect to one bound socket. */
const MAX_STREAMS = 64;
/** A new publisher takes the place of one that has been silent for longer: pods come and go, each under a new topic. */
const MAX_SILENCE_MS = 10 * 60_000;
const MAX_TOPIC_BYTES = 256;

/**
 * One SUB socket. Connected, it has one publisher; bound, it has as many as connect, told apart by their topic, since
 * a PUB has no other name.
 */
export class SubscriberSocket {
  readonly #socket: ZmqSubscriber;
  readonly #options: SubscriberSocketOptions;
  readonly #streams = new Map<string, PublisherStream>();
  #connections = 0;
  #seen = 0;

  /** @throws Error when the endpoint cannot be bound or is no address */
  static async open(
    zeromq: ZmqModule,
    zmqOptions: ZmqOptions,
    options: SubscriberSocketOptions,
  ): Promise<SubscriberSocket> {
    const socket = new zeromq.Subscriber(zmqOptions);
    try {
      const opened = new SubscriberSocket(socket, options);
      if (options.bind) await socket.bind(options.endpoint);
      else socket.connect(options.endpoint);
      void opened.#receive();
      return opened;
    } catch (cause) {
      socket.close();
      const { endpoint, bind } = options;
      const what = bind ? 'bound' : 'connected to';
      throw new Error(`${endpoint} cannot be ${what}: ${(cause as Error).message}`, { cause });
    }
  }

  private constructor(socket: ZmqSubscriber, options: SubscriberSocketOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.events.on('handshake', () => this.#connected(1));
    socket.events.on('disconnect', () => this.#connected(-1));
    socket.subscribe(options.topic);
    // A publisher that never sends anything is shown as well.
    if (!options.bind) this.#stream('');
  }

  get endpoint(): string {
    return this.#socket.lastEndpoint ?? this.#options.endpoint;
  }

  get streams(): Iterable<PublisherStream> {
    return this.#streams.values();
  }

  close(): void {
    this.#socket.close();
    for (const stream of this.#streams.values()) {
      stream.close();
      this.#options.closed(stream);
    }
    this.#streams.clear();
  }

  async #receive(): Promise<void> {
    try {
      for await (const frames of this.#socket) this.#take(frames);
    } catch {
      // The socket was closed while it was read.
    }
  }

  #take(frames: readonly Uint8Array[]): void {
    const topic = this.#options.bind ? topicOf(frames[0]) : '';
    const stream = topic === undefined ? undefined : this.#stream(topic);
    if (stream !== undefined) stream.receive(frames);
    else this.#refuse();
  }

  /** One publisher too many; its messages are counted with the first one, which is there since only it fills the room. */
  #refuse(): void {
    const [first] = this.#streams.values();
    first?.statistics.error('too_many_sources');
  }

  #stream(topic: string): PublisherStream | undefined {
    const known = this.#streams.get(topic);
    if (known !== undefined || (this.#streams.size >= MAX_STREAMS && !this.#makeRoom())) return known;
    const { name, bind } = this.#options;
    const made = this.#options.stream(bind && topic !== '' ? topic : name);
    made.statistics.connected = this.#connections > 0;
    this.#streams.set(topic, made);
    return made;
  }

  /** Forgets the publisher that has been silent the longest, if that is long enough. */
  #makeRoom(): boolean {
    const [first, ...others] = this.#streams;
    if (first === undefined) return false;
    const [topic, stream] = others.reduce((a, b) => (b[1].heardTime < a[1].heardTime ? b : a), first);
    if (this.#options.clock.now() - stream.heardTime < MAX_SILENCE_MS) return false;
    this.#streams.delete(topic);
    stream.forget();
    this.#options.closed(stream);
    return true;
  }

  #connected(change: 1 | -1): void {
    this.#connections = Math.max(0, this.#connections + change);
    if (change === 1) this.#seen++;
    for (const { statistics } of this.#streams.values()) {
      statistics.connected = this.#connections > 0;
      // Of a bound socket nobody knows which publisher came back.
      if (change === 1 && this.#seen > 1 && !this.#options.bind) statistics.reconnects++;
    }
  }
}

function topicOf(frame: Uint8Array | undefined): string | undefined {
  if (frame === undefined) return '';
  return frame.length <= MAX_TOPIC_BYTES ? Buffer.from(frame).toString('utf8') : undefined;
}
