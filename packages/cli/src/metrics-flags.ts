import { DEFAULT_SAMPLE_SEED, RESIDENCY } from '@kvscope/core';
import { DEFAULT_SUBSCRIBERS, SUBSCRIBER_NAMES } from '@kvscope/instrumentation';
import { type Command, Option } from 'commander';
import { address, httpUrl, oneOf, positiveNumber, someOf, wholeNumber } from './arguments.js';
import { withVerbosity } from './verbosity.js';

/** As the reuse subscriber has them. */
const DEFAULT_CURVE_BLOCKS = 8192;
const MOST_CURVE_BLOCKS = 2 ** 22;

/** Adds the flags of a run that comes to an end: what is measured, where its metrics go, and how it is told. */
export function withMetricsFlags(command: Command): Command {
  return withVerbosity(command)
    .option(
      '--sample-rate <rate>',
      'share of blocks whose lifecycle is followed, above 0 to 1',
      positiveNumber(1),
      1,
    )
    .option(
      '--seed <seed>',
      'which blocks are sampled at a rate below 1',
      wholeNumber(0, 2 ** 32 - 1),
      DEFAULT_SAMPLE_SEED,
    )
    .addOption(
      new Option('--subscribers <names>', 'what to measure, separated by commas')
        .argParser(someOf(SUBSCRIBER_NAMES))
        .default([...DEFAULT_SUBSCRIBERS], DEFAULT_SUBSCRIBERS.join(',')),
    )
    .option(
      '--window <seconds>',
      'how long after its eviction a block counts as wanted again',
      oneOf(RESIDENCY),
      300,
    )
    .option(
      '--prometheus <address>',
      'serve metrics to Prometheus at [HOST:]PORT, on loopback unless HOST is given',
      address,
    )
    .option('--hold', 'with --prometheus or --ui: stay up after the run, until Ctrl-C', false)
    .option(
      '--otlp <url>',
      'send metrics over OTLP/HTTP, the last ones before the end',
      httpUrl('http://127.0.0.1:4318'),
    )
    .option(
      '--diagnose',
      'say what ails the run, by the playbooks of docs/performance.md; exit code 3 when something does',
      false,
    )
    .addOption(reportOption())
    .addOption(uiOption())
    .option('--json', 'print one JSON object instead of the summary', false);
}

export function reportOption(): Option {
  return new Option('--report <file>', 'write what the metrics say as one HTML page, at the end');
}

export function uiOption(): Option {
  return new Option(
    '--ui <address>',
    'serve that page live at [HOST:]PORT, on loopback unless HOST is given',
  ).argParser(address);
}

/** How much a curve of other capacities may take; what its warning asks for more of. */
export function curveBlocksOption(): Option {
  return new Option(
    '--curve-blocks <blocks>',
    'blocks followed in a tier for its curve; with more, a part is sampled',
  )
    .argParser(wholeNumber(64, MOST_CURVE_BLOCKS))
    .default(DEFAULT_CURVE_BLOCKS);
}

/** Refuses flags that do not go together, as wrong usage. */
export function checkMetricsFlags(
  command: Command,
  { hold, prometheus, ui }: { hold: boolean; prometheus?: unknown; ui?: unknown },
): void {
  if (hold && prometheus === undefined && ui === undefined) {
    command.error(
      'error: --hold serves metrics after the run. Add --prometheus PORT, or --ui PORT for their page.',
    );
  }
}
