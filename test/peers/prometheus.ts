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
  /** Where it is asked. */
  readonly address: string;
  /**
   * An instant vector.
   * @param time in s since the epoch; now when it is left out
   * @throws Error with Prometheus's own words for a query that it refuses
   */
  query(promql: string, time?: number): Promise<readonly TimedSample[]>;
  /** The raw samples of a range selector such as `up[1h]`, as of `time`. */
  samples(promql: string, time: number): Promise<readonly RawSeries[]>;
  /** The answer of another page of its API, such as `rules`. */
  api(page: string): Promise<unknown>;
  /** Ends it and removes its data. Safe to call again. */
  stop(): Promise<void>;
}

export interface TimedSample extends Sample {
  /** In s since the epoch. */
  readonly time: number;
}

export interface RawSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** Time in s since the epoch, and value. */
  readonly values: readonly (readonly [number, string])[];
}

/** What is asked of one Prometheus. */
export interface PrometheusSetUp {
  /** Targets by job; each is scraped once a second. */
  readonly jobs?: Readonly<Record<string, readonly URL[]>>;
  /** Paths of rule files. */
  readonly rules?: readonly string[];
  /** Fills its data folder before it starts. */
  readonly fill?: (data: string) => Promise<void>;
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

/** A Prometheus of its own on loopback that has scraped `target` at least once; asked as of that scrape. */
export async function scrapeOnce(target: URL): Promise<Pick<Prometheus, 'query' | 'stop'>> {
  const prometheus = await startPrometheus({ jobs: { replay: [target] } });
  try {
    // At that time even if a later scrape fails, on a machine that is busy.
    const scrapedAt = await scraped(prometheus, [target]);
    return { query: (promql) => prometheus.query(promql, scrapedAt), stop: prometheus.stop };
  } catch (error) {
    await prometheus.stop();
    throw error;
  }
}

/**
 * When all targets have been scraped.
 * @param after in s since the epoch: earlier scrapes do not count
 * @returns the latest time of those scrapes
 */
export function scraped(prometheus: Prometheus, targets: readonly URL[], after = 0): Promise<number> {
  return vi.waitFor(
    async () => {
      const times = await prometheus.query('timestamp(up == 1)');
      const found = targets.map(
        ({ host }) => times.find(({ labels }) => labels.instance === host)?.value ?? 0,
      );
      const missing = targets.filter((_, i) => (found[i] as number) <= after).map(({ href }) => href);
      if (missing.length > 0) throw new Error(`${missing.join(', ')}: not scraped within ${SCRAPE_MS} ms`);
      return Math.max(...found);
    },
    { timeout: SCRAPE_MS, interval: 100 },
  );
}

/** A Prometheus of its own on loopback. */
export async function startPrometheus(setUp: PrometheusSetUp): Promise<Prometheus> {
  const folder = await temporaryFolder();
  let server: RunningProcess | undefined;
  async function stop(): Promise<void> {
    await server?.stop();
    await folder.remove();
  }
  try {
    const config = join(folder.path, 'prometheus.yml');
    const data = join(folder.path, 'data');
    await writeFile(config, configuration(setUp));
    await setUp.fill?.(data);
    const [started, address] = await listening(config, data);
    server = started;
    return {
      address,
      async query(promql, time) {
        const result = (await ask(address, 'query', { query: promql, time })) as InstantResult;
        return result.result.map(({ metric, value: [at, value] }) => ({
          labels: metric,
          value: Number(value),
          time: at,
        }));
      },
      async samples(promql, time) {
        const { result } = (await ask(address, 'query', { query: promql, time })) as { result: RawSeries[] };
        return result;
      },
      api: (page) => ask(address, page),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** JSON is YAML. */
function configuration({ jobs = {}, rules = [] }: PrometheusSetUp): string {
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: rules,
    scrape_configs: Object.entries(jobs).map(([job, targets]) => ({
      job_name: job,
      static_configs: [{ targets: targets.map(({ host }) => host) }],
    })),
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

interface InstantResult {
  readonly result: readonly { metric: Record<string, string>; value: [number, string] }[];
}

async function ask(
  address: string,
  page: string,
  parameters: Record<string, unknown> = {},
): Promise<unknown> {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const body = new URLSearchParams();
  for (const [name, value] of given) body.set(name, String(value));
  const url = `${address}/api/v1/${page}`;
  const response = await fetch(url, given.length > 0 ? { method: 'POST', body } : {});
  const { error, data } = (await response.json()) as { error?: string; data?: unknown };
  if (data === undefined) throw new Error(`${parameters.query ?? page}: ${error}`);
  return data;
}
