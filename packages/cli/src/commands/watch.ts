import { DEFAULT_SAMPLE_RATE, DEFAULT_SAMPLE_SEED, RESIDENCY } from '@kvscope/core';
import { SUBSCRIBER_NAMES } from '@kvscope/instrumentation';
import { Argument, Command } from 'commander';
import { address, httpUrl, oneOf, positiveNumber, someOf, wholeNumber } from '../arguments.js';
import { reportOption, uiOption } from '../metrics-flags.js';
import { withVerbosity } from '../verbosity.js';
import { SOURCE_KINDS, type SourceKind } from '../watch/config/source-config.js';
import { MAX_MAX_BLOCKS } from '../watch/config/watch-config.js';
import { WATCH_HELP } from '../watch/watch-help.js';
import { runWatch } from '../watch/watch-run.js';
import { type WatchFlags, watchRunOf } from '../watch/watch-run-of.js';

export function watchCommand(ended: (exitCode: number) => void): Command {
  const several = (value: string, before: readonly string[] = []) => [...before, value];
  const command = new Command('watch')
    .description(
      'Listen to the KV-cache events that an engine publishes and turn them into metrics, until Ctrl-C or SIGTERM.\n' +
        'The engine is not touched. One that is not there yet is waited for.',
    )
    .addArgument(new Argument('[kind]', 'what to listen to; not with --config').choices(SOURCE_KINDS))
    .argument('[address...]', 'where it is, see below')
    .option('--config <file>', 'many sources in one process, from a YAML or JSON file')
    .option('--name <name>', 'what metrics and status call the source (default: its kind)')
    .option('--attribute <name=value>', 'attribute on its measurements; at most two', several)
    .option('--bind', 'vllm, sglang, mooncake: listen at the address, engines connect')
    .option('--replay <address>', 'vllm, sglang: replay endpoint, one for each address', several)
    .option(
      '--ranks <ranks>',
      'vllm, sglang, mooncake: data-parallel ranks, rank r at port + r',
      wholeNumber(1, 1024),
    )
    .option('--topic <prefix>', 'vllm, sglang, mooncake: take only topics that begin so')
    .option(
      '--poll-interval <seconds>',
      'trtllm: time between two questions (default: 1)',
      positiveNumber(3600),
    )
    .option('--follow', 'ndjson, allocations: go on reading a file as it grows, through rotations')
    .option('--allow-remote', 'ndjson, allocations: let tcp listen where other machines can reach it')
    .option(
      '--block-tokens <tokens>',
      'allocations: tokens of a block where a report does not tell (default: 16)',
      wholeNumber(1, 1_048_576),
    )
    .option(
      '--prometheus <address>',
      'serve /metrics, /healthz and /readyz at [HOST:]PORT, on loopback unless HOST is given',
      address,
    )
    .option(
      '--otlp <url>',
      'send metrics over OTLP/HTTP, the last ones before the end',
      httpUrl('http://127.0.0.1:4318'),
    )
    .option(
      '--sample-rate <rate>',
      `share of blocks whose lifecycle is followed, above 0 to 1 (default: ${DEFAULT_SAMPLE_RATE})`,
      positiveNumber(1),
    )
    .option(
      '--seed <seed>',
      `which blocks are sampled at a rate below 1 (default: ${DEFAULT_SAMPLE_SEED})`,
      wholeNumber(0, 2 ** 32 - 1),
    )
    .option(
      '--subscribers <names>',
      'what to measure, separated by commas (default: all but intervalLog and trace)',
      someOf(SUBSCRIBER_NAMES),
    )
    .option(
      '--window <seconds>',
      'how long after its eviction a block counts as wanted again (default: 300)',
      oneOf(RESIDENCY),
    )
    .option(
      '--interval <seconds>',
      'time from one status to the next (default: 5; on a terminal 1)',
      positiveNumber(86_400),
    )
    .option(
      '--max-blocks <blocks>',
      'blocks that are followed at most, over all sources; 64 bytes each (default: 1,000,000)',
      wholeNumber(1, MAX_MAX_BLOCKS),
    )
    .addOption(reportOption())
    .addOption(uiOption())
    .option('--json', 'print one status object a line on standard output', false)
    .option('--record <file>', 'write what arrives as NDJSON, for kvscope replay')
    .option('--duration <seconds>', 'end by itself after that time', positiveNumber(2_000_000))
    .addHelpText('after', WATCH_HELP);
  return withVerbosity(command).action(
    async (kind: SourceKind | undefined, addresses: string[], flags: WatchFlags, command: Command) => {
      const run = watchRunOf(kind, addresses, flags, (message) => command.error(`error: ${message}`));
      ended(await runWatch(run));
    },
  );
}
