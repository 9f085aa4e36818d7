import { createRequire } from 'node:module';
import { Command } from 'commander';
import { decodeCommand } from './commands/decode.js';
import { demoCommand } from './commands/demo.js';
import { generateCommand } from './commands/generate.js';
import { replayCommand } from './commands/replay.js';
import { watchCommand } from './commands/watch.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const COMMANDS = [demoCommand, watchCommand, replayCommand, decodeCommand, generateCommand];

/** @param ended called with the exit code of the command that ran */
export function createProgram(ended: (exitCode: number) => void): Command {
  const program = new Command('kvscope')
    .description(
      'See what a tiered LLM KV cache does: block lifecycles and movements as OpenTelemetry metrics.',
    )
    .version(version)
    .showHelpAfterError('(add --help for all options)')
    .exitOverride();
  for (const command of COMMANDS.map((make) => make(ended))) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program.addHelpText(
    'after',
    `
Examples:
  kvscope demo                                   a tiered block store at work
  kvscope watch vllm tcp://127.0.0.1:5557        a live engine beside this process
  kvscope replay                                 the bundled sample
  kvscope replay trace.jsonl.gz --l1 20000       your own trace with 20,000 blocks of host memory
  kvscope generate --requests 10000 | kvscope replay - --json

Exit codes: 0 done, 1 run-time failure, 2 wrong usage.`,
  );
}
