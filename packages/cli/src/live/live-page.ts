import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listen } from '@kvscope/register/exporters';
import { contentSecurityPolicy, type ReportData, reportHtml } from '@kvscope/report/page';
import { isOwnHost } from './own-host.js';
import { Readers } from './readers.js';

export interface LivePageOptions {
  /** Default: 127.0.0.1, since whoever can connect can read. */
  readonly host?: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** What the page shows at the moment. Asked only while somebody looks, and never twice at a time. */
  readonly data: () => Promise<ReportData>;
  /** Told of how many look, whenever that changes. */
  readonly onReaders?: (count: number) => void;
  /** Who may follow at a time. Default: 16. */
  readonly maxReaders?: number;
  /** Calls back again and again until it is stopped. Default: {@link everyFewSeconds}. */
  readonly again?: (update: () => Promise<void>) => () => void;
}

export interface LivePage {
  /** Where it is. */
  readonly url: string;
  /** What it shows now is the last: all readers get it, and no more comes. */
  finish(): Promise<void>;
  /** Closes the listener and every connection to it. */
  close(): Promise<void>;
}

const UPDATE_MS = 3000;
/** What an update took, it may take again only after so many times that. */
const REST = 10;
const MOST_READERS = 16;
/** Pages and updates together; a browser opens a few. */
const MOST_CONNECTIONS = 128;
const ENDED = 'event: ended\ndata: {}\n\n';

/**
 * Serves the report of something that goes on, and sends what changes to whoever looks. It can be read and nothing
 * else.
 * @returns once it listens
 * @throws the listener's error, such as EADDRINUSE
 */
export async function serveLivePage(options: LivePageOptions): Promise<LivePage> {
  const { host = '127.0.0.1', port, onReaders, maxReaders = MOST_READERS, again = everyFewSeconds } = options;
  const data = oneAtATime(options.data);
  let finished = false;
  let stop: (() => void) | undefined;
  const readers = new Readers((count) => {
    onReaders?.(count);
    if (count > 0 && !finished) stop ??= again(update);
    else halt();
  });
  const halt = (): void => {
    stop?.();
    stop = undefined;
  };
  /** A failure is told by silence: the page says that nothing comes. */
  const update = async (): Promise<void> => {
    const text = await data().then(reportEvent, () => undefined);
    if (text !== undefined && !finished) readers.send(text);
  };

  const server = createServer((request, response) => {
    const [status, headers, body] = refusal(request, host) ?? [200, {}, ''];
    if (status !== 200) return void response.writeHead(status, { ...SAFE, ...PLAIN, ...headers }).end(body);
    const path = request.url?.split('?', 1)[0];
    if (path === '/') void sendPage(request, response);
    else if (path === '/events') void follow(request, response);
    else response.writeHead(404, { ...SAFE, ...PLAIN }).end('The report is at /\n');
  });

  async function sendPage({ method }: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const html = method === 'HEAD' ? '' : reportHtml(await data(), { live: true });
      const policy = `${contentSecurityPolicy(true)}; frame-ancestors 'none'`;
      response.writeHead(200, { ...SAFE, 'content-type': HTML, 'content-security-policy': policy }).end(html);
    } catch (error) {
      response.writeHead(500, { ...SAFE, ...PLAIN }).end(`The figures cannot be had: ${String(error)}\n`);
    }
  }

  async function follow({ method }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (readers.count >= maxReaders) {
      response.writeHead(503, { ...SAFE, ...PLAIN }).end(`Already ${maxReaders} look at it\n`);
      return;
    }
    response.writeHead(200, { ...SAFE, 'content-type': 'text/event-stream' });
    if (method === 'HEAD') return void response.end();
    response.flushHeaders();
    readers.add(response);
    const text = await data().then(reportEvent, () => '');
    if (finished) response.end(text + ENDED);
    else if (response.writableLength === 0) response.write(text);
  }

  server.maxConnections = MOST_CONNECTIONS;
  const url = await listen(server, host, port);
  return {
    url: `${url}/`,
    async finish() {
      if (finished) return;
      finished = true;
      halt();
      if (readers.count === 0) return;
      // What is being made may be from before the end.
      await data().catch(() => undefined);
      readers.end((await data().then(reportEvent, () => '')) + ENDED);
    },
    close() {
      finished = true;
      halt();
      return closeServer(server);
    },
  };
}

const HTML = 'text/html; charset=utf-8';
const PLAIN = { 'content-type': 'text/plain; charset=utf-8' };
const SAFE = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

type Refusal = readonly [status: number, headers: Readonly<Record<string, string>>, body: string];

function refusal({ method, headers }: IncomingMessage, host: string): Refusal | undefined {
  if (!isOwnHost(headers.host, host)) return [421, {}, 'This server is not known by that name\n'];
  if (method !== 'GET' && method !== 'HEAD') return [405, { allow: 'GET, HEAD' }, 'It can only be read\n'];
  return undefined;
}

function reportEvent(data: ReportData): string {
  return `event: report\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Who asks while an answer is being made gets that answer. */
function oneAtATime<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let asked: Promise<Answer> | undefined;
  return () => {
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return asked;
  };
}

/** So that the page takes no more than a small share of the processor that the work of this process runs on. */
function everyFewSeconds(update: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout;
  let stopped = false;
  const next = (ms: number): void => {
    timer = setTimeout(async () => {
      const startedAt = performance.now();
      await update();
      if (!stopped) next(Math.max(UPDATE_MS, REST * (performance.now() - startedAt)));
    }, ms);
  };
  next(UPDATE_MS);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
