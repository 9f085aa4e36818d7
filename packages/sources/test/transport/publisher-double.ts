import { once } from 'node:events';
import { Publisher, Router, XPublisher } from 'zeromq';
import { writeSequence } from '../../src/sequence/sequence-frames.ts';
import { bytes } from '../decode/payloads.ts';

const LOOPBACK = 'tcp://127.0.0.1:*';
const END = Buffer.alloc(8, 0xff);

export interface DoubleOptions {
  /** Frames of a reply: without the topic as SGLang sends them, or with it as newer vLLM does. */
  readonly style?: 'bare' | 'topic';
  /** Batches that can be replayed. */
  readonly buffer?: number;
  readonly topic?: string;
  /** Where it was before; any free port when absent. */
  readonly at?: PublisherDouble;
  readonly endpoint?: string;
}

/** An engine's publisher, with real sockets, that does to its batches what it is told. */
export class PublisherDouble {
  readonly #publisher = new XPublisher({ linger: 0 });
  readonly #router = new Router({ linger: 0 });
  readonly #options: DoubleOptions;
  readonly #buffer: { sequence: number; payload: Uint8Array }[] = [];
  #next = 0;
  #joins = 0;
  #joined: (() => void) | undefined;
  #gate: Promise<void> = Promise.resolve();
  endpoint = '';
  replayEndpoint = '';
  /** Starts of the replays that were asked for. */
  readonly asked: number[] = [];

  static async start(options: DoubleOptions = {}): Promise<PublisherDouble> {
    const double = new PublisherDouble(options);
    const { at } = options;
    await rebound(() => double.#publisher.bind(at?.endpoint ?? options.endpoint ?? LOOPBACK));
    await rebound(() => double.#router.bind(at?.replayEndpoint ?? LOOPBACK));
    double.endpoint = double.#publisher.lastEndpoint as string;
    double.replayEndpoint = double.#router.lastEndpoint as string;
    void double.#watch();
    void double.#answer();
    return double;
  }

  private constructor(options: DoubleOptions) {
    this.#options = options;
  }

  /** Until somebody has subscribed: what is sent before is lost. */
  async joined(count = 1): Promise<void> {
    while (this.#joins < count) {
      await new Promise<void>((resolve) => {
        this.#joined = resolve;
      });
    }
  }

  /** Makes a batch with the next number. Its time is `time`, in seconds, by default its number. */
  make(events: unknown[], time = this.#next): { sequence: number; payload: Uint8Array } {
    const batch = { sequence: this.#next++, payload: bytes([time + 0.5, events, 0]) };
    this.#buffer.push(batch);
    if (this.#buffer.length > (this.#options.buffer ?? 10_000)) this.#buffer.shift();
    return batch;
  }

  async send({ sequence, payload }: { sequence: number; payload: Uint8Array }): Promise<void> {
    await this.#publisher.send([this.#options.topic ?? '', writeSequence(sequence), payload]);
  }

  /** Sends frames as they are. */
  async sendFrames(...frames: (string | Uint8Array)[]): Promise<void> {
    await this.#publisher.send(frames);
  }

  async publish(events: unknown[], time?: number): Promise<void> {
    await this.send(this.make(events, time));
  }

  /** Replays wait until the returned function is called. */
  holdReplays(): () => void {
    let open = () => {};
    this.#gate = new Promise((resolve) => {
      open = resolve;
    });
    return open;
  }

  /** Goes away as a process does. */
  close(): void {
    this.#publisher.close();
    this.#router.close();
  }

  async #watch(): Promise<void> {
    for await (const [message] of this.#publisher) {
      if (message?.[0] !== 1) continue;
      this.#joins++;
      this.#joined?.();
    }
  }

  async #answer(): Promise<void> {
    for await (const frames of this.#router) {
      const [identity, empty, start] = frames;
      if (frames.length !== 3 || identity === undefined || start === undefined || empty?.length !== 0)
        continue;
      const from = Number(start.readBigUInt64BE());
      this.asked.push(from);
      await this.#gate;
      const topic = this.#options.style === 'topic' ? [this.#options.topic ?? ''] : [];
      for (const { sequence, payload } of this.#buffer) {
        if (sequence >= from)
          await this.#router.send([identity, '', ...topic, writeSequence(sequence), payload]);
      }
      const marker = this.#options.style === 'topic' ? [''] : [];
      await this.#router.send([identity, '', ...marker, END, '']);
    }
  }
}

/** A port may be free only a moment after the socket on it was closed. */
async function rebound(bind: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await bind();
    } catch (error) {
      if (attempt === 200) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** A publisher that connects, as engines do when the endpoint names a host. */
export async function connectPublisher(endpoint: string) {
  const publisher = new Publisher({ linger: 0 });
  const connected = once(publisher.events as unknown as NodeJS.EventEmitter, 'handshake').catch(() => {});
  publisher.connect(endpoint);
  return { publisher, connected };
}
