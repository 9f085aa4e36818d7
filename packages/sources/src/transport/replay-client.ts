import { readReplayReply, writeSequence } from '../sequence/sequence-frames.js';
import type { ZmqDealer, ZmqModule } from './zeromq-module.js';

/** Who is told of the replies to one request. */
export interface ReplayListener {
  batch(sequence: number, payload: Uint8Array): void;
  ended(): void;
  /** The endpoint cannot be asked, or answered what is no reply. */
  failed(): void;
}

const SEND_TIMEOUT_MS = 2000;
/**
 * Replies that may wait in the socket. A ROUTER drops what its peer has no room for, and ZeroMQ's own 1,000 are a tenth
 * of what vLLM buffers by default: what was dropped would count as missed.
 */
const RECEIVE_HIGH_WATER_MARK = 100_000;
const EMPTY = new Uint8Array(0);

/** Asks a publisher's replay endpoint. Each request has a socket of its own: late replies to an earlier one die with it. */
export class ReplayClient {
  readonly #zeromq: ZmqModule;
  readonly #endpoint: string;
  readonly #maxMessageBytes: number;
  #socket: ZmqDealer | undefined;

  constructor(zeromq: ZmqModule, endpoint: string, maxMessageBytes: number) {
    this.#zeromq = zeromq;
    this.#endpoint = endpoint;
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Asks for all batches from `from` on, in place of any request before it. */
  request(from: number, listener: ReplayListener): void {
    this.close();
    const socket = new this.#zeromq.Dealer({
      linger: 0,
      sendTimeout: SEND_TIMEOUT_MS,
      receiveHighWaterMark: RECEIVE_HIGH_WATER_MARK,
      maxMessageSize: this.#maxMessageBytes,
    });
    this.#socket = socket;
    this.#converse(socket, from, listener).catch(() => {
      if (this.#socket !== socket) return;
      this.close();
      listener.failed();
    });
  }

  /** Whatever was asked is not waited for any more. */
  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  async #converse(socket: ZmqDealer, from: number, listener: ReplayListener): Promise<void> {
    socket.connect(this.#endpoint);
    await socket.send([EMPTY, writeSequence(from)]);
    for await (const frames of socket) {
      if (this.#socket !== socket) return;
      const reply = readReplayReply(frames);
      if (reply === undefined) throw new Error('not a replay reply');
      if (reply.sequence === 'end') {
        this.close();
        listener.ended();
        return;
      }
      listener.batch(reply.sequence, reply.payload);
    }
  }
}
