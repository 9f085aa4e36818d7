/** One of 256 events at least. */
export const MAX_SHIFT = 8;
const CLEAN_TICKS = 10;
/** A ring that was fuller than this between two ticks is under pressure. */
const PRESSURE_FILL = 0.75;

/** Halves the sample under pressure at once, and doubles it again after ten ticks without. */
export class SamplingGovernor {
  shift = 0;
  #clean = 0;

  /**
   * @param dropped records dropped since the last tick
   * @param fill how full the fullest ring was since then, 0 to 1
   */
  tick(dropped: number, fill: number): number {
    if (dropped > 0 || fill > PRESSURE_FILL) {
      this.#clean = 0;
      this.shift = Math.min(MAX_SHIFT, this.shift + 1);
    } else if (++this.#clean >= CLEAN_TICKS) {
      this.#clean = 0;
      this.shift = Math.max(0, this.shift - 1);
    }
    return this.shift;
  }
}
