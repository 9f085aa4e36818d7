import { SCHEMES, type Scheme } from '@kvscope/dashboards';
import { Command, Option } from 'commander';
import { httpUrl, numberFrom } from '../arguments.js';
import { runDiagnose } from '../diagnosis/diagnose-run.js';
import { type Begin, begin, moment, timeWindow } from '../diagnosis/time-window.js';

interface DiagnoseFlags {
  readonly prometheus?: string;
  readonly from?: Begin;
  readonly to?: number;
  readonly scheme?: Scheme;
  readonly job?: string;
  readonly metrics?: string;
  readonly for?: number;
  readonly json: boolean;
}

const QUARTER_OF_AN_HOUR: Begin = { before: 900 };
const DEFAULT_SECONDS = 10;
const DAY_S = 86_400;

export function diagnoseCommand(ended: (exitCode: number) => void): Command {
  return new Command('diagnose')
    .description(
      'Say what ails a cache: evaluates the eleven playbooks of docs/performance.md over the metrics of a Prometheus, or\n' +
        'over two scrapes of one process, and prints those that match, the most likely first, each with its evidence,\n' +
        'its cause and what to change; what fails outright; and what could not be judged for lack of data.',
    )
    .option('--prometheus <url>', 'ask this Prometheus; credentials may stand in the URL', httpUrl)
    .option('--from <time>', 'begin of the time that is looked at (default: 15m before --to)', begin)
    .option('--to <time>', 'its end (default: now)', (text: string) => moment(text))
    .option('--job <job>', 'diagnose this one of its services (default: each by itself)')
    .addOption(
      new Option(
        '--scheme <scheme>',
        'how metrics are named there (default: by the names that it has)',
      ).choices([...SCHEMES]),
    )
    .option('--metrics <url>', 'scrape this page of a process twice', httpUrl)
    .option('--for <seconds>', 'time between the two scrapes (default: 10)', numberFrom(1, DAY_S))
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      `
--from and --to take a date and time such as 2026-01-31T08:00:00Z, seconds since the epoch, or now; --from also a time
before the end: 90s, 15m, 6h, 2d. Of several services in a Prometheus each one, by its job, is diagnosed by itself.

A playbook needs enough to judge by: twenty loads at least, two hundred tasks for a p99. What there was too little of is
told. Ctrl-C while it waits for the second scrape makes that one at once.

Examples:
  kvscope diagnose --prometheus http://127.0.0.1:9090
  kvscope diagnose --prometheus http://127.0.0.1:9090 --from 2026-01-31T08:00:00Z --to 2026-01-31T09:00:00Z
  kvscope diagnose --metrics http://127.0.0.1:9464/metrics --for 60
  kvscope diagnose --metrics http://127.0.0.1:9464/metrics --json | jq '.findings[0] | .title, .changes'
  kvscope demo --sick io --diagnose              what a finding looks like; also at the end of kvscope replay

Exit codes: 0 nothing found, 3 findings or warnings, 1 figures could not be read, 2 wrong usage.`,
    )
    .action(async (flags: DiagnoseFlags, command: Command) => {
      ended(await runDiagnose(targetOf(flags, command), flags.json));
    });
}

/** Refuses flags that are fine one by one and do not go together, as wrong usage. */
function targetOf(flags: DiagnoseFlags, command: Command): Parameters<typeof runDiagnose>[0] {
  const { prometheus, metrics, from, to, scheme, job } = flags;
  if ((prometheus === undefined) === (metrics === undefined)) {
    return command.error('error: give one of --prometheus URL and --metrics URL.');
  }
  if (metrics !== undefined) {
    const [foreign] = Object.entries({ from, to, scheme, job }).filter(([, value]) => value !== undefined);
    if (foreign !== undefined) command.error(`error: --${foreign[0]} goes with --prometheus only.`);
    return { metrics: pageOf(metrics), seconds: flags.for ?? DEFAULT_SECONDS };
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
