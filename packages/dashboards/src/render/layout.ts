export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export const COLUMNS = 24;

/** Gives out places on Grafana's grid, from left to right and from the top down. Nothing overlaps. */
export class Layout {
  #x = 0;
  #y = 0;
  #rowHeight = 0;

  place(w: number, h: number): Place {
    if (this.#x + w > COLUMNS) this.#nextRow();
    const place = { x: this.#x, y: this.#y, w, h };
    this.#x += w;
    this.#rowHeight = Math.max(this.#rowHeight, h);
    return place;
  }

  /** A place over the whole width, below everything so far. */
  heading(): Place {
    if (this.#x > 0) this.#nextRow();
    return this.place(COLUMNS, 1);
  }

  #nextRow(): void {
    this.#y += this.#rowHeight;
    this.#x = 0;
    this.#rowHeight = 0;
  }
}
