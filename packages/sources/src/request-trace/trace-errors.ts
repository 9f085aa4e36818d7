/** A line of a request trace that cannot be used, and why. */
export interface MalformedLine {
  /** The path, or the name that was given to the stream. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** What is wrong with it, in one sentence without control characters. */
  readonly reason: string;
}

/** The first malformed line of a trace that is read strictly. */
export class TraceFormatError extends Error {
  override readonly name = 'TraceFormatError';
  readonly file: string;
  readonly line: number;
  readonly reason: string;

  constructor({ file, line, reason }: MalformedLine) {
    super(`${file}:${line}: ${reason}`);
    this.file = file;
    this.line = line;
    this.reason = reason;
  }
}

/** The bytes of a trace could not be had: no such file, a failing stream, broken gzip. `cause` is the original. */
export class TraceReadError extends Error {
  override readonly name = 'TraceReadError';
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super(`${file}: ${explain(cause)}`, { cause });
    this.file = file;
  }
}

function explain(cause: unknown): string {
  if (!(cause instanceof Error)) return `cannot be read: ${String(cause)}`;
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return 'the gzip data ends too early; is the file truncated?';
  if (code?.startsWith('Z_')) return `the gzip data is corrupt: ${cause.message}`;
  return `cannot be read: ${cause.message}`;
}
