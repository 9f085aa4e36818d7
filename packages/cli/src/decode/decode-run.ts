import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { type Capture, type CapturedEvent, type CaptureFormat, decodeCapture } from '@kvscope/sources';
import { EXIT } from '../exit.js';
import { STANDARD_INPUT } from '../standard-input.js';
import { writeLines } from '../write-lines.js';
import { skipReport } from './skip-report.js';

export interface DecodeRun {
  readonly format: CaptureFormat;
  /** Paths; {@link STANDARD_INPUT} for standard input. */
  readonly files: readonly string[];
  /** `allocations`: tokens of a block where a report does not tell. */
  readonly blockTokens?: number;
}

/**
 * Prints the events that captured payloads stand for, one JSON object a line.
 * @returns the exit code: 1 when there was something and nothing of it could be decoded
 * @throws Error when a file cannot be read; it names the file
 */
export async function runDecode({ format, files, blockTokens }: DecodeRun): Promise<number> {
  const input = files.includes(STANDARD_INPUT) ? await buffer(process.stdin) : undefined;
  const report = skipReport();
  const events = decodeCapture(format, captures(files, input), {
    onSkipped: report.add,
    ...(blockTokens !== undefined && { blockTokens }),
  });
  const decoded = await writeLines(lines(events));
  report.end();
  return decoded === 0 && report.skipped > 0 ? EXIT.failed : EXIT.done;
}

/** One file at a time is in memory. */
function* captures(files: readonly string[], input: Uint8Array | undefined): Generator<Capture> {
  for (const file of files) {
    if (file === STANDARD_INPUT) yield { name: 'standard input', bytes: input ?? new Uint8Array(0) };
    else yield { name: file, bytes: contentOf(file) };
  }
}

function contentOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new Error(`${file}: cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function* lines(events: Iterable<CapturedEvent>): Generator<string> {
  for (const event of events) yield JSON.stringify(event);
}
