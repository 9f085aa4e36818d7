import { Command } from 'commander';
import { type TargetFlags, TIMES_HELP, targetOf, withTargetFlags } from '../diagnosis/target-flags.js';
import { runReport } from '../report/report-command-run.js';

const DEFAULT_SECONDS = 60;

export function reportCommand(ended: (exitCode: number) => void): Command {
  const command = new Command('report').description(
    'Write one HTML page that answers what one asks of a cache: is it helping, which tier, where does the time of loads\n' +
      'go, is loading hidden, what is evicted and missed again, would more capacity help, can the figures be trusted.\n' +
      'It opens from disk and asks nobody for anything.',
  );
  return withTargetFlags(command, {
    job: 'report of this one of its services (default: all together)',
    metrics: 'scrape this page of a process once a second',
    for: `for how long (default: ${DEFAULT_SECONDS})`,
  })
    .requiredOption('--out <file>', 'where to write the page; a file of that name is replaced')
    .addHelpText(
      'after',
      `
${TIMES_HELP} What several services and instances measured is put together; a table has each by itself. Ctrl-C
while it scrapes ends that, and the page is of the time so far.

Examples:
  kvscope report --prometheus http://127.0.0.1:9090 --from 24h --out report.html
  kvscope report --metrics http://127.0.0.1:9464/metrics --for 60 --out report.html
  kvscope demo --report report.html              of a run itself; also kvscope replay and watch
  kvscope demo --ui 8080                         the same page live`,
    )
    .action(async ({ out, ...flags }: TargetFlags & { readonly out: string }, command: Command) => {
      ended(await runReport(targetOf(flags, command, DEFAULT_SECONDS), out));
    });
}
