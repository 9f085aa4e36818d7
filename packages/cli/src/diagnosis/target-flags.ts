import { SCHEMES, type Scheme } from '@kvscope/dashboards';
import { type Command, Option } from 'commander';
import { httpUrl, numberFrom } from '../arguments.js';
import type { MetricsTarget } from './target.js';
import { type Begin, begin, moment, timeWindow } from './time-window.js';

/** Flags that say where figures come from. */
export interface TargetFlags {
  readonly prometheus?: string;
  readonly from?: Begin;
  readonly to?: number;
  readonly scheme?: Scheme;
  readonly job?: string;
  readonly metrics?: string;
  readonly for?: number;
}

const QUARTER_OF_AN_HOUR: Begin = { before: 900 };
const LEAST_SECONDS = 1;
const DAY_S = 86_400;

/** What a command says of flags that mean more than one thing. */
interface Wording {
  readonly job: string;
  readonly metrics: string;
  readonly for: string;
}

export function withTargetFlags(command: Command, says: Wording): Command {
  return command
    .option(
      '--prometheus <url>',
      'ask this Prometheus; credentials may stand in the URL',
      httpUrl('http://127.0.0.1:9090'),
    )
    .option('--from <time>', 'begin of the time that is looked at (default: 15m before --to)', begin)
    .option('--to <time>', 'its end (default: now)', (text: string) => moment(text))
    .option('--job <job>', says.job)
    .addOption(
      new Option(
        '--scheme <scheme>',
        'how metrics are named there (default: by the names that it has)',
      ).choices([...SCHEMES]),
    )
    .option('--metrics <url>', says.metrics, httpUrl('http://127.0.0.1:9464/metrics'))
    .option('--for <seconds>', says.for, numberFrom(LEAST_SECONDS, DAY_S));
}

/** Help for the values of --from and --to. */
export const TIMES_HELP = `--from and --to take a date and time such as 2026-01-31T08:00:00Z, seconds since the epoch, or now; --from also a time
before the end: 90s, 15m, 6h, 2d.`;

/**
 * Refuses flags that are fine one by one and do not go together, as wrong usage.
 * @param defaultSeconds how long a page is scraped where nothing is said of it
 */
export function targetOf(flags: TargetFlags, command: Command, defaultSeconds: number): MetricsTarget {
  const { prometheus, metrics, from, to, scheme, job } = flags;
  if ((prometheus === undefined) === (metrics === undefined)) {
    return command.error('error: give one of --prometheus URL and --metrics URL.');
  }
  if (metrics !== undefined) {
    const [foreign] = Object.entries({ from, to, scheme, job }).filter(([, value]) => value !== undefined);
    if (foreign !== undefined) command.error(`error: --${foreign[0]} goes with --prometheus only.`);
    return { metrics: pageOf(metrics), seconds: flags.for ?? defaultSeconds };
  }
  if (flags.for !== undefined) command.error('error: --for goes with --metrics only. Use --from and --to.');
  const window = timeWindow(from ?? QUARTER_OF_AN_HOUR, to ?? Date.now() / 1000);
  if (window === undefined) return command.error('error: --from is not before --to.');
  return {
    prometheus: prometheus as string,
    window,
    ...(scheme && { scheme }),
    ...(job !== undefined && { job }),
  };
}

/** Where no page is named, it is the one that exporters serve. */
function pageOf(url: string): string {
  const page = new URL(url);
  if (page.pathname === '/') page.pathname = '/metrics';
  return page.href;
}
