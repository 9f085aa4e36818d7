import { Command, InvalidArgumentError, Option } from 'commander';
import type { TopRun } from '../top/top-run.js';

export function topCommand(ended: (exitCode: number) => void): Command {
  return new Command('top')
    .description(
      'Look at the caches of running processes live: where the time of loads and dumps goes, and why. A process can be\n' +
        'looked at when its trace is on, and does not notice. Detach with q or Ctrl-C at any time.',
    )
    .argument('[process...]', 'process ids, or paths of sockets; left out: the process that has tracing on')
    .option('--all', 'the sum of all processes that have tracing on', false)
    .option('--list', 'list them, and end', false)
    .option('--once', 'print one frame, with rates over an interval, and end', false)
    .option('--json', 'print JSON objects, one a frame and a line', false)
    .option(
      '--interval <seconds>',
      'time between frames, at least 0.25 (default: 0.25 on a terminal, otherwise 1)',
      interval,
    )
    .addOption(new Option('--beside').default(false).hideHelp())
    .addHelpText(
      'after',
      `
Turn the trace on:
  trace: true in the configuration of KvCacheInstrumentation, also at run time with setConfig
  OTEL_INSTRUMENTATION_KV_CACHE_TRACE=true in its environment
  -vvv on kvscope demo, replay and watch, which show the view beside their work

Examples:
  kvscope top                        the one process that has tracing on
  kvscope top 4711                   that process
  kvscope top --all --interval 1     all of them as one
  kvscope top --once --json | jq .verdict

How to read it: docs/trace.md
Exit codes: 0 done, 1 nothing to look at, 2 wrong usage, or several processes and none chosen.`,
    )
    .action(async (targets: string[], flags: Omit<TopRun, 'targets'>) => {
      const { runTop } = await import('../top/top-run.js');
      ended(await runTop({ ...flags, targets }));
    });
}

const LEAST_INTERVAL_S = 0.25;
const MOST_INTERVAL_S = 86_400;

function interval(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= LEAST_INTERVAL_S && seconds <= MOST_INTERVAL_S) return seconds;
  throw new InvalidArgumentError(`Allowed: a number from ${LEAST_INTERVAL_S} to ${MOST_INTERVAL_S}.`);
}
