import { Command } from 'commander';
import { runDiagnose } from '../diagnosis/diagnose-run.js';
import { type TargetFlags, TIMES_HELP, targetOf, withTargetFlags } from '../diagnosis/target-flags.js';

const DEFAULT_SECONDS = 10;

export function diagnoseCommand(ended: (exitCode: number) => void): Command {
  const command = new Command('diagnose').description(
    'Say what ails a cache: evaluates the eleven playbooks of docs/performance.md over the metrics of a Prometheus, or\n' +
      'over two scrapes of one process, and prints those that match, the most likely first, each with its evidence,\n' +
      'its cause and what to change; what fails outright; and what could not be judged for lack of data.',
  );
  return withTargetFlags(command, {
    job: 'diagnose this one of its services (default: each by itself)',
    metrics: 'scrape this page of a process twice',
    for: `time between the two scrapes (default: ${DEFAULT_SECONDS})`,
  })
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      `
${TIMES_HELP} Of several services in a Prometheus each one, by its job, is diagnosed by itself.

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
    .action(async ({ json, ...flags }: TargetFlags & { readonly json: boolean }, command: Command) => {
      ended(await runDiagnose(targetOf(flags, command, DEFAULT_SECONDS), json));
    });
}
