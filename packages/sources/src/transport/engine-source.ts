import { DIALECTS } from '../decode/engine/dialect.js';
import { EngineIngest } from '../ingest/engine-ingest.js';
import { BatchQueue } from './batch-queue.js';
import {
  type EngineOptions,
  type EngineSocket,
  engineSockets,
  type SourceEnvironment,
  type SourceSettings,
  socketOptions,
  sourceSettings,
} from './engine-options.js';
import { PublisherStream } from './publisher-stream.js';
import { ReplayClient } from './replay-client.js';
import { SubscriberSocket } from './subscriber-socket.js';
import { loadZeromq, type ZmqModule } from './zeromq-module.js';

/** An engine that is being listened to. */
export interface EngineSource {
  /** Addresses that were bound or connected to; a port 0 is the one that was given. */
  readonly endpoints: readonly string[];
  /** Blocks that each tier holds over all publishers, by the streams' account. {block} */
  held(): [l0: number, l1: number, l2: number];
  /**
   * Takes what has arrived and lets nothing in any more. What it counted and holds can still be collected, until it
   * is closed.
   */
  stop(): void;
  /** Stops, and closes every socket and timer. Safe to call again. */
  close(): void;
}

const TICK_MS = 250;

/**
 * Listens to the KV-cache events of an engine over ZeroMQ and publishes what they say.
 * @throws RangeError when an option is outside its range
 * @throws ZeromqMissingError when the package zeromq is not installed
 * @throws Error when an endpoint cannot be bound or is no address
 */
export async function openEngineSource(
  options: EngineOptions,
  environment: SourceEnvironment = {},
): Promise<EngineSource> {
  const wanted = engineSockets(options);
  const settings = sourceSettings(environment);
  const zeromq = await loadZeromq();
  const queue = new BatchQueue(options.queue);
  const sockets: SubscriberSocket[] = [];
  let stopTicking: () => void = () => {};
  const stop = (): void => {
    stopTicking();
    queue.close();
    for (const { streams } of sockets) for (const stream of streams) stream.end();
  };
  const source: EngineSource = {
    get endpoints() {
      return sockets.map(({ endpoint }) => endpoint);
    },
    held() {
      const sums: [number, number, number] = [0, 0, 0];
      for (const { streams } of sockets) {
        for (const stream of streams) {
          const held = stream.held();
          for (let i = 0; i < sums.length; i++) sums[i as 0] += held[i] as number;
        }
      }
      return sums;
    },
    stop,
    close() {
      stop();
      for (const socket of sockets.splice(0)) socket.close();
    },
  };
  try {
    for (const socket of wanted) sockets.push(await open(socket, options, settings, zeromq, queue));
  } catch (error) {
    source.close();
    throw error;
  }
  stopTicking = settings.clock.every(TICK_MS, () => {
    for (const { streams } of sockets) for (const stream of streams) stream.tick();
  });
  return source;
}

function open(
  socket: EngineSocket,
  options: EngineOptions,
  settings: SourceSettings,
  zeromq: ZmqModule,
  queue: BatchQueue,
): Promise<SubscriberSocket> {
  const { engine, attributes, capacities, limits } = options;
  const { bus, clock, monitor, budget } = settings;
  const zmqOptions = socketOptions(options);
  const stream = (name: string): PublisherStream => {
    const statistics = monitor.publisher(name, socket.rank);
    const ingest = new EngineIngest(engine, {
      name,
      rank: socket.rank,
      bus,
      budget,
      statistics,
      ...(attributes !== undefined && { attributes }),
      ...(capacities !== undefined && { capacities }),
      ...(limits !== undefined && { limits }),
    });
    const replay =
      socket.replayEndpoint === undefined
        ? undefined
        : new ReplayClient(zeromq, socket.replayEndpoint, zmqOptions.maxMessageSize);
    const { firstSequence } = DIALECTS[engine];
    return new PublisherStream(ingest, queue, clock, replay, { ...options.sequence, firstSequence });
  };
  return SubscriberSocket.open(zeromq, zmqOptions, {
    endpoint: socket.endpoint,
    bind: options.bind ?? false,
    topic: options.topic ?? '',
    name: socket.name,
    stream,
    clock,
    closed: (closed) => monitor.remove(closed.statistics),
  });
}
