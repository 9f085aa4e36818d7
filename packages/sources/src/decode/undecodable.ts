import type { SourceErrorKind } from '@kvscope/core';

/**
 * Ends the decoding of one message from within; the decoder's entry catches it and nothing outside sees it. Made
 * once per kind: hostile input must not cost a stack trace for each message.
 */
export class Undecodable extends Error {
  readonly kind: SourceErrorKind;

  constructor(kind: SourceErrorKind) {
    super(kind);
    this.kind = kind;
  }
}

export const TRUNCATED = new Undecodable('truncated');
export const INVALID = new Undecodable('invalid');
export const TOO_DEEP = new Undecodable('too_deep');
export const TOO_MANY_EVENTS = new Undecodable('too_many_events');

/** The kind of what a decoder threw; anything but its own errors is a value it did not expect. */
export function kindOf(error: unknown): SourceErrorKind {
  return error instanceof Undecodable ? error.kind : 'invalid';
}
