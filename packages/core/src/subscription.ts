import { types } from 'node:util';

/** A handler that can neither throw, nor reject, nor be called after it was taken back, as far as the bus can see. */
export class Subscription {
  #handler: (event: never) => unknown;
  readonly #failed: (error: unknown) => void;

  constructor(handler: (event: never) => unknown, failed: (error: unknown) => void) {
    this.#handler = handler;
    this.#failed = failed;
  }

  take(event: unknown): void {
    try {
      // Taken out of its field first: it is not to be called as a method of this object.
      const handler = this.#handler;
      const result = handler(event as never);
      if (result !== undefined) this.#catchRejection(result);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** What is under way hands its event to nobody instead: to ask first would cost each event. */
  end(): void {
    this.#handler = ignore;
  }

  /**
   * An async handler is legal to write; its rejection must not become the application's. `instanceof Promise` would
   * miss the promises of another realm (a `vm` context, a test runner's sandbox).
   */
  #catchRejection(result: unknown): void {
    if (types.isPromise(result)) result.catch(this.#failed);
  }
}

function ignore(): void {}
