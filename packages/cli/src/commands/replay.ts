import type { Tier } from '@kvscope/core';
import { LEAST_SPEED, MAX_CAPACITY, MOST_SPEED, SAMPLE_PATH, SAMPLE_TIERS } from '@kvscope/sources';
import { Command, InvalidArgumentError } from 'commander';
import { numberFrom, wholeNumber } from '../arguments.js';
import { checkMetricsFlags, curveBlocksOption, withMetricsFlags } from '../metrics-flags.js';
import { type ReplayRun, runReplay } from '../replay-run.js';
import { STANDARD_INPUT } from '../standard-input.js';

/** Flags as commander hands them over; tiers that are not given come with the trace. */
type ReplayFlags = Omit<ReplayRun, 'file' | 'tiers' | 'tiersGiven'> & Partial<Record<Tier, number>>;

const DEFAULT_TIERS: Readonly<Record<Tier, number>> = { l0: 1000, l1: 10_000, l2: 100_000 };

export function replayCommand(ended: (exitCode: number) => void): Command {
  const blocks = wholeNumber(0, MAX_CAPACITY);
  const command = new Command('replay')
    .description(
      'Replay a request trace through inclusive LRU tiers, or a recording of events, and show what the metrics say.\n\n' +
        'A trace has one request a line, in the Mooncake JSONL format, plain or gzip:\n' +
        '  {"timestamp": 0, "input_length": 1024, "output_length": 200, "hash_ids": [0, 1]}\n' +
        "timestamp is in milliseconds; hash_ids name the prompt's blocks in order.\n\n" +
        'A recording has one event a line (NDJSON), as kvscope watch --record writes it; its first line tells which it\n' +
        'is. Its tiers are what it was recorded from, so that --l0, --l1 and --l2 do not apply.',
    )
    .argument('[file]', `the trace; ${STANDARD_INPUT} reads standard input; left out: the bundled sample`)
    .option('--l0 <blocks>', 'capacity of device memory; 0: no such tier (default: 1000)', blocks)
    .option('--l1 <blocks>', 'capacity of host memory; 0: no such tier (default: 10000)', blocks)
    .option('--l2 <blocks>', 'capacity of storage; 0: no such tier (default: 100000)', blocks)
    .option('--speed <times>', 'how many times as fast as recorded, or max', speed, 'max')
    .option('--curve', 'show what LRU tiers of 0.25 to 8 times the capacity would have hit', false)
    .addOption(curveBlocksOption())
    .option('--strict', 'stop at the first malformed line', false);
  return withMetricsFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  kvscope replay                            the bundled sample, with tiers that fit it (${tierText(SAMPLE_TIERS)} blocks)
  kvscope replay trace.jsonl --l1 20000     what twice the host memory does, in every figure
  kvscope replay trace.jsonl --curve        would more memory help, and would less do?
  zcat *.gz | kvscope replay - --json       figures for a script
  kvscope replay trace.jsonl --speed 60     an hour in a minute; Ctrl-C shows the summary so far
  kvscope replay events.ndjson --sample-rate 0.01
                                            what kvscope watch --record wrote, at the rate of the watch
  kvscope replay trace.jsonl --prometheus 9464 --hold
                                            let Prometheus scrape the figures`,
    )
    .action(async (file: string | undefined, flags: ReplayFlags, command: Command) => {
      const capacities = given(flags);
      const tiersGiven = Object.keys(capacities).length > 0;
      const tiers = { ...(file === undefined ? SAMPLE_TIERS : DEFAULT_TIERS), ...capacities };
      if (Object.values(tiers).every((capacity) => capacity === 0)) {
        command.error('error: --l0, --l1 and --l2 are all 0. Give at least one tier a capacity above 0.');
      }
      checkMetricsFlags(command, flags);
      ended(await runReplay({ ...flags, file: file ?? SAMPLE_PATH, tiers, tiersGiven }));
    });
}

function speed(text: string): number | 'max' {
  if (text === 'max') return text;
  try {
    return numberFrom(LEAST_SPEED, MOST_SPEED)(text);
  } catch {
    throw new InvalidArgumentError(`Allowed: max, or a number from ${LEAST_SPEED} to ${MOST_SPEED}.`);
  }
}

function given({ l0, l1, l2 }: ReplayFlags): Partial<Record<Tier, number>> {
  return {
    ...(l0 !== undefined && { l0 }),
    ...(l1 !== undefined && { l1 }),
    ...(l2 !== undefined && { l2 }),
  };
}

function tierText(tiers: Readonly<Record<Tier, number>>): string {
  return `${tiers.l0}, ${tiers.l1} and ${tiers.l2}`;
}
