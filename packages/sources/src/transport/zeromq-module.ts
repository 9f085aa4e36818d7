/*
 * The part of zeromq 6 that we use, in types of our own: the package is an optional peer, and our declarations must
 * compile without it.
 */

export interface ZmqEvents {
  on(type: 'handshake' | 'disconnect', handler: (event: { address: string }) => void): unknown;
}

interface ZmqSocket {
  readonly events: ZmqEvents;
  readonly lastEndpoint: string | null;
  connect(address: string): void;
  bind(address: string): Promise<void>;
  close(): void;
}

export interface ZmqSubscriber extends ZmqSocket, AsyncIterable<Uint8Array[]> {
  subscribe(...topics: string[]): void;
}

export interface ZmqDealer extends ZmqSocket, AsyncIterable<Uint8Array[]> {
  send(frames: readonly (string | Uint8Array)[]): Promise<void>;
}

export interface ZmqOptions {
  readonly linger?: number;
  readonly reconnectInterval?: number;
  readonly reconnectMaxInterval?: number;
  readonly receiveHighWaterMark?: number;
  readonly maxMessageSize?: number;
  readonly sendTimeout?: number;
  /** 1: on. */
  readonly tcpKeepalive?: number;
  /** s */
  readonly tcpKeepaliveIdle?: number;
  /** s */
  readonly tcpKeepaliveInterval?: number;
  readonly tcpKeepaliveCount?: number;
}

export interface ZmqModule {
  readonly Subscriber: new (options?: ZmqOptions) => ZmqSubscriber;
  readonly Dealer: new (options?: ZmqOptions) => ZmqDealer;
}

/** `zeromq` is not installed, or has no binary for this platform. */
export class ZeromqMissingError extends Error {
  override readonly name = 'ZeromqMissingError';

  constructor(cause: unknown) {
    super(
      'listening to an engine over ZeroMQ needs the package zeromq, which is not installed with kvscope: run "npm install zeromq@6"',
      { cause },
    );
  }
}

const PACKAGE: string = 'zeromq';

/**
 * Loads zeromq when it is first needed.
 * @param load for tests
 * @throws ZeromqMissingError
 */
export async function loadZeromq(
  load = (name: string): Promise<unknown> => import(name),
): Promise<ZmqModule> {
  try {
    return (await load(PACKAGE)) as ZmqModule;
  } catch (error) {
    throw new ZeromqMissingError(error);
  }
}
