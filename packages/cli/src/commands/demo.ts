import { constants } from 'node:buffer';
import type { Tier } from '@kvscope/core';
import { SAMPLE_PATH, SAMPLE_TIERS } from '@kvscope/sources';
import { Command, Option } from 'commander';
import { positiveNumber, wholeNumber } from '../arguments.js';
import { type DemoRun, runDemo } from '../demo/demo-run.js';
import { SICKNESSES } from '../demo/sickness.js';
import { checkMetricsFlags, curveBlocksOption, withMetricsFlags } from '../metrics-flags.js';

type DemoFlags = Omit<DemoRun, 'tiers'> & Record<Tier, number>;

const MAX_BLOCKS = 1_000_000;
/** More requests a second than any machine serves. */
const NO_LIMIT = 1e6;
const MAX_BLOCK_BYTES = 64 * 1024 * 1024;

export function demoCommand(ended: (exitCode: number) => void): Command {
  const blocks = wholeNumber(2, MAX_BLOCKS);
  const sicknesses = Object.entries(SICKNESSES).map(
    ([name, { description }]) => `  ${name.padEnd(10)}${description}`,
  );
  const command = new Command('demo')
    .description(
      'Run a workload on the embedded block store, in a temporary directory that is removed at the end, and show ' +
        'what its metrics say. Device memory is simulated by host memory and compute by a timer; copies and files are real.',
    )
    .addOption(
      new Option('--trace <file>', 'request trace to serve, in the format of replay').default(
        SAMPLE_PATH,
        'the bundled sample',
      ),
    )
    .option(
      '--duration <seconds>',
      'when to end, if the trace does not end before',
      positiveNumber(86_400),
      20,
    )
    .addOption(
      new Option('--rate <requests>', 'requests begun per second, at most')
        .argParser(positiveNumber(NO_LIMIT))
        .default(NO_LIMIT, 'no limit'),
    )
    .option('--concurrency <requests>', 'requests served at a time', wholeNumber(1, 64), 2)
    .option('--block-bytes <bytes>', 'size of a block', wholeNumber(64, MAX_BLOCK_BYTES), 32_768)
    .option(
      '--layers <layers>',
      'layers of a block, each loaded and saved on its own',
      wholeNumber(1, 1024),
      8,
    )
    .option('--compute-ms <ms>', 'time that computing a layer takes', positiveNumber(60_000), 1)
    .option('--l0 <blocks>', 'capacity of device memory', blocks, SAMPLE_TIERS.l0)
    .option('--l1 <blocks>', 'capacity of host memory', blocks, SAMPLE_TIERS.l1)
    .option('--l2 <blocks>', 'capacity of storage', blocks, SAMPLE_TIERS.l2)
    .addOption(curveBlocksOption())
    .addOption(
      new Option('--sick <place>', 'make one place worse on purpose').choices(Object.keys(SICKNESSES)),
    );
  return withMetricsFlags(command)
    .addHelpText(
      'after',
      `
Places for --sick:
${sicknesses.join('\n')}

Examples:
  kvscope demo                                  20 seconds on this machine
  kvscope demo --sick io --duration 10          what slow storage looks like
  kvscope demo --compute-ms 0.1 --layers 32     does layerwise loading still hide behind compute?
  kvscope demo --prometheus 9464 --hold         let Prometheus scrape the figures`,
    )
    .action(async (flags: DemoFlags, command: Command) => {
      checkMetricsFlags(command, flags);
      if (flags.blockBytes < flags.layers) {
        command.error(
          `error: --block-bytes ${flags.blockBytes} leaves no byte for each of ${flags.layers} layers.`,
        );
      }
      const { l0, l1, l2, blockBytes } = flags;
      const most = Math.floor(constants.MAX_LENGTH / blockBytes);
      for (const [flag, count] of Object.entries({ '--l0': l0, '--l1': l1 })) {
        if (count > most) {
          command.error(
            `error: ${flag} ${count} blocks of --block-bytes ${blockBytes} do not fit into one buffer. Allowed: at most ${most}.`,
          );
        }
      }
      ended(await runDemo({ ...flags, tiers: { l0, l1, l2 } }));
    });
}
