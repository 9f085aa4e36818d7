import { createRequire } from 'node:module';
import { Command } from 'commander';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

type MakeCommand = (ended: (exitCode: number) => void) => Command;

interface CommandEntry {
  /** What the list of commands says of it. */
  readonly summary: string;
  load(): Promise<MakeCommand>;
}

/** A command's code is loaded when it runs: together they take longer to load than most of them take to run. */
const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  demo: {
    summary: 'run a workload on the embedded block store',
    load: async () => (await import('./commands/demo.js')).demoCommand,
  },
  watch: {
    summary: 'turn the events of a live engine into metrics',
    load: async () => (await import('./commands/watch.js')).watchCommand,
  },
  replay: {
    summary: 'replay a request trace through LRU tiers, or a recording of events',
    load: async () => (await import('./commands/replay.js')).replayCommand,
  },
  top: {
    summary: 'look at running processes live, where their time goes and why',
    load: async () => (await import('./commands/top.js')).topCommand,
  },
  report: {
    summary: 'write what the metrics of a Prometheus or a process say as one HTML page',
    load: async () => (await import('./commands/report.js')).reportCommand,
  },
  diagnose: {
    summary: 'say what ails a cache, from a Prometheus or from two scrapes, and what to change',
    load: async () => (await import('./commands/diagnose.js')).diagnoseCommand,
  },
  decode: {
    summary: 'print the events that captured payloads stand for',
    load: async () => (await import('./commands/decode.js')).decodeCommand,
  },
  generate: {
    summary: 'write a seeded request trace',
    load: async () => (await import('./commands/generate.js')).generateCommand,
  },
  dashboards: {
    summary: 'write Grafana dashboards and Prometheus rules',
    load: async () => (await import('./commands/dashboards.js')).dashboardsCommand,
  },
};

/**
 * The program as far as these arguments need it: commands that they do not name are there for the list alone.
 * @param args what follows the program's name
 * @param ended called with the exit code of the command that ran
 */
export async function createProgram(
  args: readonly string[],
  ended: (exitCode: number) => void,
): Promise<Command> {
  const program = new Command('kvscope')
    .description(
      'See what a tiered LLM KV cache does: block lifecycles and movements as OpenTelemetry metrics.',
    )
    .usage('COMMAND [options]')
    .version(version)
    .showHelpAfterError('(add --help for all options)')
    .exitOverride();
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    const command = args.includes(name) ? (await load())(ended) : new Command(name);
    program.addCommand(command.summary(summary).copyInheritedSettings(program));
  }
  return program.addHelpText(
    'after',
    `
Examples:
  kvscope demo                                   a tiered block store at work
  kvscope watch vllm tcp://127.0.0.1:5557        a live engine beside this process
  kvscope demo -vvv                              the same with a live view of where its time goes
  kvscope replay                                 the bundled sample
  kvscope replay trace.jsonl.gz --l1 20000       your own trace with 20,000 blocks of host memory
  kvscope diagnose --metrics http://127.0.0.1:9464/metrics
                                                 what ails it, and what to change
  kvscope generate --requests 10000 | kvscope replay - --json

kvscope COMMAND --help teaches each one.
Exit codes: 0 done, 1 run-time failure, 2 wrong usage. Of a diagnosis: 3 when it found something.`,
  );
}
