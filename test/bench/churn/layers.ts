import type { Bus, Source } from '@kvscope/core';
import type { Random } from './random.js';

const SLOTS = 8;
const LAYERS = 4;
const STEPS_PER_LAYER = 4;

interface Pass {
  readonly batch: number;
  step: number;
}

/** Batches side by side, some of which never finish. */
export class LayerChurn {
  /** Batches of which at least one layer was published. */
  begun = 0;
  readonly #bus: Bus;
  readonly #source: Source;
  readonly #random: Random;
  readonly #slots: Pass[];
  #count = 0;

  constructor(bus: Bus, source: Source, random: Random) {
    this.#bus = bus;
    this.#source = source;
    this.#random = random;
    this.#slots = Array.from({ length: SLOTS }, () => this.#begin());
  }

  publish(time: number): void {
    const at = this.#random.below(SLOTS);
    const pass = this.#slots[at] as Pass;
    const { batch, step } = pass;
    if (step === 0) this.begun++;
    pass.step++;
    if (step < LAYERS * STEPS_PER_LAYER) {
      this.#layer(batch, step, time);
      return;
    }
    this.#slots[at] = this.#begin();
    // One in 33 batches never finishes.
    if (this.#random.chance(3)) return;
    this.#bus.publish('batch.finished', { source: this.#source, time, batch, saveTailStartTime: time - 10 });
  }

  #begin(): Pass {
    return { batch: this.#count++, step: 0 };
  }

  #layer(batch: number, step: number, time: number): void {
    const layer = Math.floor(step / STEPS_PER_LAYER);
    const about = { source: this.#source, batch, layer, first: layer === 0, time };
    const startTime = time - 1 - this.#random.below(3);
    const kind = step % STEPS_PER_LAYER;
    if (kind === 0)
      this.#bus.publish('layer.submitted', { ...about, startTime, operation: 'load', requests: 8 });
    else if (kind === 1) this.#bus.publish('layer.loaded', { ...about, startTime: startTime - 2 });
    else {
      const operation = kind === 2 ? 'load' : 'save';
      this.#bus.publish('layer.waited', { ...about, startTime, operation, tasks: 2 });
    }
  }
}
