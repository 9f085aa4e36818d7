/** A part of the page: what stands in it can change while it stays where it is, with its focus and what is open. */
export interface View<Shown> {
  readonly element: HTMLElement;
  show(next: Shown): void;
  /** Draws again, in other colours or another size. */
  redraw?(): void;
}
