import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import { freePort } from './free-port.ts';
import { type RunningProcess, runProcess, startProcess } from './running-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const START_MS = 30_000;
const SCRAPE_MS = 30_000;
/** Another program may take the port that was just found free. */
const TRIES = 5;

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Prometheus {
  /**
   * An instant vector, as of the first scrape that succeeded.
   * @throws Error with Prometheus's own words for a query that it refuses
   */
  query(promql: string): Promise<readonly Sample[]>;
  /** Ends it and removes its data. Safe to call again. */
  stop(): Promise<void>;
}

/** What `prometheus --version` says first; undefined when there is none on PATH. */
export async function prometheusVersion(): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await runProcess('prometheus', ['--version'], { withinMs: 10_000 });
    return /prometheus, version \S+/.exec(stdout + stderr)?.[0];
  } catch {
    return undefined;
  }
}

/** A Prometheus of its own on loopback that has scraped `target` at least once. */
export async function startPrometheus(target: URL): Promise<Prometheus> {
  const folder = await temporaryFolder();
  let server: RunningProcess | undefined;
  async function stop(): Promise<void> {
    await server?.stop();
    await folder.remove();
  }
  try {
    const config = join(folder.path, 'prometheus.yml');
    await writeFile(config, configuration(target));
    const [started, address] = await listening(config, join(folder.path, 'data'));
    server = started;
    const scrapedAt = await vi.waitFor(
      async () => {
        const [up] = await ask(address, `up{instance="${target.host}"}`);
        if (up?.value !== 1) throw new Error(`${target.href} was not scraped within ${SCRAPE_MS} ms`);
        return up.time;
      },
      { timeout: SCRAPE_MS, interval: 50 },
    );
    // At that time even if a later scrape fails, on a machine that is busy.
    return { query: (promql) => ask(address, promql, scrapedAt), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configuration({ host, pathname }: URL): string {
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [{ job_name: 'replay', metrics_path: pathname, static_configs: [{ targets: [host] }] }],
  });
}

/** Prometheus cannot be given port 0. */
async function listening(config: string, data: string): Promise<[RunningProcess, string]> {
  for (let tries = 1; ; tries++) {
    const address = `127.0.0.1:${await freePort()}`;
    const server = startProcess('prometheus', [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=${address}`,
    ]);
    try {
      await server.untilStderr(/Server is ready to receive web requests/, START_MS);
      return [server, `http://${address}`];
    } catch (error) {
      await server.stop();
      const taken = (error as Error).message.includes('address already in use');
      if (!taken || tries === TRIES) throw error;
    }
  }
}

interface Answer {
  readonly error?: string;
  readonly data?: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
}

/** @param time in s since the epoch; now when it is left out */
async function ask(address: string, query: string, time?: number) {
  const parameters = new URLSearchParams({ query, ...(time !== undefined && { time: String(time) }) });
  const response = await fetch(`${address}/api/v1/query?${parameters}`);
  const { error, data } = (await response.json()) as Answer;
  if (data === undefined) throw new Error(`${query}: ${error}`);
  return data.result.map(({ metric, value: [at, value] }) => ({
    labels: metric,
    value: Number(value),
    time: at,
  }));
}
