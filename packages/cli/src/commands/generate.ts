import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import {
  formatRequest,
  type GeneratorOptions,
  generateRequestTrace,
  type TraceRequest,
} from '@kvscope/sources';
import { Command } from 'commander';
import { numberFrom, wholeNumber } from '../arguments.js';
import { EXIT } from '../exit.js';
import { onInterrupt } from '../interrupt.js';
import { createOutputFile } from '../output-file.js';
import { createProgress, type Progress } from '../progress.js';

type GenerateFlags = GeneratorOptions & { readonly out?: string };

const LINES_PER_CHUNK = 256;

export function generateCommand(ended: (exitCode: number) => void): Command {
  const count = wholeNumber(0, 1e9);
  return new Command('generate')
    .description(
      'Write a request trace in the Mooncake JSONL format: multi-turn sessions that begin with one of a few\n' +
        'shared system prompts. The same options give the same bytes.',
    )
    .option('--requests <n>', 'requests in the trace (default: 1000)', count)
    .option(
      '--seed <n>',
      'another seed gives another trace of the same kind (default: 0)',
      wholeNumber(0, 2 ** 32 - 1),
    )
    .option(
      '--rate <n>',
      'requests per second, with the gaps of a Poisson process (default: 3)',
      numberFrom(1e-6, 1e6),
    )
    .option('--sessions <n>', 'sessions that are open at a time (default: 200)', wholeNumber(1, 1e6))
    .option(
      '--turns <n>',
      'mean turns of a session, geometrically distributed (default: 5)',
      numberFrom(1, 1e6),
    )
    .option('--system-prompts <n>', 'shared system prompts; 0: none (default: 20)', wholeNumber(0, 1e6))
    .option(
      '--system-prompt-blocks <n>',
      'length of each, in blocks of 512 tokens (default: 4)',
      wholeNumber(1, 1000),
    )
    .option(
      '--input-tokens <n>',
      'mean tokens that a turn adds to its prompt (default: 2000)',
      numberFrom(1, 1e6),
    )
    .option('--output-tokens <n>', 'mean tokens of an answer (default: 350)', numberFrom(1, 1e6))
    .option('--context-tokens <n>', 'longest prompt, in tokens (default: 131072)', wholeNumber(1, 1e7))
    .option(
      '--zipf-exponent <n>',
      'how uneven system prompts and sessions are; 0: all alike (default: 1)',
      numberFrom(0, 10),
    )
    .option('--out <file>', 'where to write, gzip when it ends in .gz (default: standard output)')
    .addHelpText(
      'after',
      `
Examples:
  kvscope generate --requests 100000 --out trace.jsonl.gz
  kvscope generate --sessions 2000 --turns 10 | kvscope replay -`,
    )
    .action(async ({ out, ...options }: GenerateFlags, command: Command) =>
      ended(await runGenerate(traceOf(options, command), options.requests, out)),
    );
}

/** Refuses options that are fine one by one and do not go together, as wrong usage. */
function traceOf(options: GeneratorOptions, command: Command): Iterable<TraceRequest> {
  try {
    return generateRequestTrace(options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = error.message.replace(
      /^\w+/,
      (option) => `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    );
    return command.error(`error: ${message}`);
  }
}

async function runGenerate(
  trace: Iterable<TraceRequest>,
  requests: number | undefined,
  out: string | undefined,
): Promise<number> {
  const interrupt = onInterrupt();
  const progress = createProgress('requests');
  const lines = Readable.from(chunks(trace, requests, progress));
  const { signal } = interrupt;
  const file = out === undefined ? undefined : createOutputFile(out);
  try {
    if (file === undefined) await pipeline(lines, process.stdout, { signal, end: false });
    else if (out?.endsWith('.gz')) await pipeline(lines, createGzip(), file.stream, { signal });
    else await pipeline(lines, file.stream, { signal });
    return EXIT.done;
  } catch (error) {
    // Half a trace under the name of a whole one would mislead whoever finds it.
    const removed = await file?.takeBack();
    if (!signal.aborted) throw error;
    process.stderr.write(`Interrupted${removed ? `; ${out} was removed` : ''}.\n`);
    return EXIT.done;
  } finally {
    progress.end();
    interrupt.release();
  }
}

function* chunks(trace: Iterable<TraceRequest>, requests: number | undefined, progress: Progress) {
  let lines: string[] = [];
  let done = 0;
  for (const request of trace) {
    lines.push(formatRequest(request), '\n');
    done++;
    if (done % LINES_PER_CHUNK !== 0) continue;
    progress.update(requests && done / requests, done);
    yield lines.join('');
    lines = [];
  }
  if (lines.length > 0) yield lines.join('');
}
