import { type TraceInput, traceBytes } from '../request-trace/trace-bytes.js';
import { TraceReadError } from '../request-trace/trace-errors.js';

export interface OpenedTrace {
  /** Requests in the Mooncake JSONL format, or events of the bus as NDJSON. */
  readonly kind: 'requests' | 'events';
  /** All of it, decompressed. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Bytes of the input read so far: compressed ones for gzip. By */
  readonly bytesRead: number;
}

/** A first line that is longer tells nothing: no event of a recording is. */
const MAX_FIRST_LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = /^\uFEFF/;

/**
 * Opens a trace and tells from its first line that is not blank what it is: events name themselves in `event`.
 * @param options.file what messages call the input
 * @throws TraceReadError when the bytes cannot be had
 */
export async function openTrace(
  input: TraceInput,
  { file, signal }: { readonly file: string; readonly signal?: AbortSignal },
): Promise<OpenedTrace> {
  let bytesRead = 0;
  const count = (bytes: number): void => {
    bytesRead += bytes;
  };
  const rest = traceBytes(input, count, signal);
  const chunks: Buffer[] = [];
  let kind: OpenedTrace['kind'] | undefined;
  try {
    for (let held = 0; kind === undefined && held <= MAX_FIRST_LINE_BYTES; ) {
      const next = await rest.next();
      if (next.done === true) break;
      chunks.push(next.value);
      held += next.value.length;
      if (next.value.includes(NEWLINE)) kind = kindOf(Buffer.concat(chunks), false);
    }
  } catch (error) {
    // Whoever reads on meets the same abort, at the place where it is expected.
    if (signal?.aborted !== true || error !== signal.reason) throw new TraceReadError(file, error);
  }
  return {
    kind: kind ?? kindOf(Buffer.concat(chunks), true) ?? 'requests',
    bytes: startingWith(chunks, rest),
    get bytesRead() {
      return bytesRead;
    },
  };
}

/** @param all whether nothing more comes, so that a last line needs no end */
function kindOf(head: Buffer, all: boolean): OpenedTrace['kind'] | undefined {
  const lines = head.toString('utf8').replace(BYTE_ORDER_MARK, '').split('\n');
  const whole = all ? lines : lines.slice(0, -1);
  const first = whole.find((line) => line.trim() !== '');
  if (first === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(first);
    return typeof value === 'object' && value !== null && 'event' in value ? 'events' : 'requests';
  } catch {
    return 'requests';
  }
}

async function* startingWith(first: readonly Buffer[], rest: AsyncGenerator<Buffer, void, undefined>) {
  try {
    yield* first;
    yield* rest;
  } finally {
    await rest.return();
  }
}
