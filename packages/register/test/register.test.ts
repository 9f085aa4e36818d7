import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const APP = fileURLToPath(new URL('app.mjs', import.meta.url));
const REGISTER = new URL('../bundle/register.js', import.meta.url).href;

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly imports?: readonly string[];
  /** Called when a line of standard output is complete. */
  readonly onLine?: (line: string, kill: (signal: NodeJS.Signals) => void) => void;
  readonly args?: readonly string[];
}

/** Runs an application that publishes three stores, under `--import @kvscope/register`. */
function run({ env = {}, imports = [REGISTER], onLine, args = [] }: RunOptions) {
  return new Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>(
    (resolve) => {
      const child = spawn(process.execPath, [...imports.map((url) => `--import=${url}`), APP, ...args], {
        env: { PATH: process.env.PATH, ...env },
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        for (const line of text.trimEnd().split('\n')) onLine?.(line, (signal) => child.kill(signal));
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    },
  );
}

async function receiver() {
  const bodies: Buffer[] = [];
  const server = createServer(async (request, response) => {
    for await (const chunk of request) bodies.push(chunk as Buffer);
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: () => Buffer.concat(bodies).toString('latin1'),
  };
}

describe('node --import @kvscope/register', () => {
  it('prints to the console with the last figures at normal exit, and says once what is on', async () => {
    const { code, stdout, stderr } = await run({ env: { OTEL_METRICS_EXPORTER: 'console' } });
    expect(code).toBe(0);
    expect(stdout).toContain("name: 'kv_cache.stores'");
    expect(stderr.trim().split('\n')).toEqual([
      'kvscope: on: bus, lifecycle, shards, transfer, layerwise; metrics to console each 60 s',
    ]);
  });

  it.each(['http/protobuf', 'http/json'])(
    'sends the last figures over OTLP (%s) at normal exit',
    async (protocol) => {
      const { url, text } = await receiver();
      const { code, stdout, stderr } = await run({
        env: {
          OTEL_EXPORTER_OTLP_ENDPOINT: url,
          OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
          OTEL_SERVICE_NAME: 'inference-gateway',
          OTEL_INSTRUMENTATION_KV_CACHE_SUBSCRIBERS: 'shards',
        },
      });
      expect([code, stdout]).toEqual([0, 'published\n']);
      expect(stderr).toContain(`on: bus, shards; metrics to OTLP (${protocol}) each 60 s`);
      expect(text()).toContain('kv_cache.stores');
      expect(text()).toContain('inference-gateway');
      expect(text()).not.toContain('kv_cache.sampling.rate');
    },
  );

  it('sends the last figures at SIGTERM, and still ends by it', async () => {
    const { url, text } = await receiver();
    const { code, signal } = await run({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: url },
      args: ['stay'],
      onLine: (_line, kill) => kill('SIGTERM'),
    });
    expect([code, signal]).toEqual([null, 'SIGTERM']);
    expect(text()).toContain('kv_cache.stores');
  });

  it('leaves SIGTERM to an application that handles it', async () => {
    const { code, stdout } = await run({
      env: { OTEL_METRICS_EXPORTER: 'console' },
      args: ['stay', 'handles'],
      onLine: (line, kill) => line === 'published' && kill('SIGTERM'),
    });
    expect(code).toBe(7);
    expect(stdout).toContain('handled');
  });

  it('serves Prometheus on loopback, and does not keep the process alive for it', async () => {
    const { code, stderr } = await run({
      env: { OTEL_METRICS_EXPORTER: 'prometheus', OTEL_EXPORTER_PROMETHEUS_PORT: '0' },
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(/metrics to http:\/\/127\.0\.0\.1:\d+\/metrics\n$/);
  });

  it('tells once of a port in use, and the other exporter goes on', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const port = String((server.address() as AddressInfo).port);
    const { code, stdout, stderr } = await run({
      env: { OTEL_METRICS_EXPORTER: 'prometheus,console', OTEL_EXPORTER_PROMETHEUS_PORT: port },
    });
    expect(code).toBe(0);
    expect(stderr.match(/EADDRINUSE/g)).toHaveLength(1);
    expect(stdout).toContain("name: 'kv_cache.stores'");
  });

  it('tells once of a collector that is away, and the application ends as ever', async () => {
    const { code, stdout, stderr } = await run({
      // The exporter tries again, ever more slowly, until its timeout is over.
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_TIMEOUT: '200' },
    });
    expect([code, stdout]).toEqual([0, 'published\n']);
    expect(stderr.match(/could not be sent/g)).toHaveLength(1);
  });

  it('has an SDK in each worker thread, which a collector can tell from the one of the main thread', async () => {
    const { url, text } = await receiver();
    const { code, stderr } = await run({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
      args: ['worker'],
    });
    expect(code).toBe(0);
    expect(stderr.match(/kvscope: on: bus, /g)).toHaveLength(2);
    expect(text().match(/"kv_cache.stores"/g)).toHaveLength(2);
    expect(text().match(/"service.instance.id"/g)).toHaveLength(1);
  });

  it('serves Prometheus from a worker thread at a port of its own', async () => {
    const { code, stderr } = await run({
      env: { OTEL_METRICS_EXPORTER: 'prometheus', OTEL_EXPORTER_PROMETHEUS_PORT: '0' },
      args: ['worker'],
    });
    expect(code).toBe(0);
    expect(new Set(stderr.match(/127\.0\.0\.1:\d+/g)).size).toBe(2);
  });

  it.each([
    [{ OTEL_SDK_DISABLED: 'true' }, 'off, since OTEL_SDK_DISABLED is true'],
    [{ OTEL_METRICS_EXPORTER: 'none' }, 'off, since no metrics exporter is on'],
  ])('%o: nothing is on', async (env, message) => {
    const { code, stdout, stderr } = await run({ env });
    expect([code, stdout]).toEqual([0, 'published\n']);
    expect(stderr).toContain(message);
  });

  it('joins a provider that is already there instead of a second one', async () => {
    const provider = new URL('own-provider.mjs', import.meta.url).href;
    const { code, stdout, stderr } = await run({ imports: [provider, REGISTER], args: ['figures'] });
    expect(code).toBe(0);
    expect(stderr).toContain('metrics to the meter provider that was already there');
    expect(stdout).toContain('stores 3');
  });

  it('says nothing at OTEL_LOG_LEVEL=none, and names what it cannot use', async () => {
    const quiet = await run({ env: { OTEL_METRICS_EXPORTER: 'none', OTEL_LOG_LEVEL: 'none' } });
    expect(quiet.stderr).toBe('');
    const { code, stderr } = await run({
      env: { OTEL_METRICS_EXPORTER: 'consol,none', OTEL_METRIC_EXPORT_INTERVAL: 'soon' },
    });
    expect(code).toBe(0);
    expect(stderr).toContain(
      "OTEL_METRICS_EXPORTER is 'consol,none'; allowed: some of otlp, prometheus, console, none",
    );
    expect(stderr).toContain("OTEL_METRIC_EXPORT_INTERVAL is 'soon'; allowed: a whole number from 1");
  });
});
