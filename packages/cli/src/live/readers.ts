import type { ServerResponse } from 'node:http';

/** Updates that a reader may not have taken before it is dropped. */
const MOST_MISSED = 3;

/** Whoever follows the page. Each has at most one update on its way to it, and one who does not take it is dropped. */
export class Readers {
  readonly #missed = new Map<ServerResponse, number>();
  readonly #onChange: (count: number) => void;

  /** @param onChange told of how many there are, whenever that changes */
  constructor(onChange: (count: number) => void) {
    this.#onChange = onChange;
  }

  get count(): number {
    return this.#missed.size;
  }

  add(response: ServerResponse): void {
    this.#missed.set(response, 0);
    response.on('close', () => {
      if (this.#missed.delete(response)) this.#onChange(this.count);
    });
    response.on('error', () => response.destroy());
    this.#onChange(this.count);
  }

  /** To all that have taken what was sent before. */
  send(text: string): void {
    for (const [response, missed] of [...this.#missed]) {
      if (response.writableLength === 0) {
        this.#missed.set(response, 0);
        response.write(text);
      } else if (missed + 1 < MOST_MISSED) this.#missed.set(response, missed + 1);
      else response.destroy();
    }
  }

  /** Sends the last thing and lets them go. */
  end(text: string): void {
    for (const response of [...this.#missed.keys()]) response.end(text);
  }
}
