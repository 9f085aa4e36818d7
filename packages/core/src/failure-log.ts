import { diag } from '@opentelemetry/api';

const MAX_NAMES = 256;
const OVERFLOW_NAME = '_OTHER';

/** Counts failures by name, and tells of each name once through OTel `diag`. */
export class FailureLog {
  readonly #counts = new Map<string, number>();

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  add(subscriber: string, error: unknown): void {
    const known = this.#counts.has(subscriber) || this.#counts.size < MAX_NAMES;
    const name = known ? subscriber : OVERFLOW_NAME;
    const before = this.#counts.get(name) ?? 0;
    this.#counts.set(name, before + 1);
    if (before === 0) tell(name, error);
  }
}

function tell(name: string, error: unknown): void {
  try {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    diag.error(`kvscope: subscriber '${name}' failed; further failures are counted, not logged. ${reason}`);
  } catch {
    // The application's own diag logger, or a hostile toString, must not reach the publisher either.
  }
}
