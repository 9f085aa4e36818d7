import type { ErrorType } from '@kvscope/core';

/** What a store's operation fails with. `errorType` is the word that its events carry too. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly errorType: ErrorType;

  constructor(errorType: ErrorType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.errorType = errorType;
  }
}

const WORDS: Readonly<Record<string, ErrorType>> = {
  ENOENT: 'not_found',
  ENOSPC: 'no_space',
  EDQUOT: 'no_space',
  EFBIG: 'no_space',
  EACCES: 'permission_denied',
  EPERM: 'permission_denied',
  EROFS: 'permission_denied',
  ETIMEDOUT: 'timeout',
  ABORT_ERR: 'aborted',
};

/** The word for what went wrong: a system error without one of its own is an `io_error`, anything else `_OTHER`. */
export function errorTypeOf(error: unknown): ErrorType {
  if (error instanceof StoreError) return error.errorType;
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === undefined) return '_OTHER';
  return WORDS[code] ?? (/^E[A-Z0-9]+$/.test(code) ? 'io_error' : '_OTHER');
}

/** The error as a {@link StoreError}, its message led by what was being done. */
export function storeError(doing: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreError(errorTypeOf(error), `${doing}: ${reason}`, { cause: error });
}
