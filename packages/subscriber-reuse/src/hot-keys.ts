const PLACES = 1024;
/** About one reference of so many votes. */
const MEAN_SKIP = 8;
/** After so many votes all are halved, so that what was hot once does not stay it: 131,072 references. */
const AGE = 16_384;
/** A key is hot from so many votes on: 1 in 1,024 of an age. */
const HOT_VOTES = 16;
/** It stays hot as long as so many are left at the end of an age. */
const WARM_VOTES = 4;

/**
 * Finds the keys that hold a large share of all references, among all keys and not only the sampled ones: a sample
 * either has such a key or has it not, and is far off in both cases.
 *
 * Each place holds the majority of the keys that hash to it (R. Boyer and J Moore's vote), so that a key with a larger
 * share than all others of its place together is found. Some references vote; they are drawn at random, since a key may
 * stand at the same position of each event.
 */
export class HotKeys {
  /** Owner and votes of each place, side by side: most votes touch nothing else. */
  readonly #places = new Int32Array(2 * PLACES);
  /** The owner once more where it is hot, 0 where it is not. */
  readonly #hot = new Int32Array(PLACES);
  #votesOfAge = 0;
  #random = 1;

  has(hash: number): boolean {
    return this.#hot[hash & (PLACES - 1)] === (hash | 0);
  }

  /** References from one that votes to the next, 1 or more. */
  skip(): number {
    // A linear congruential generator with the multiplier of Numerical Recipes; its high bits are good enough.
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) | 0;
    return 1 + ((this.#random >>> 16) % (2 * MEAN_SKIP - 1));
  }

  /** Counts a reference. @returns whether an age ended, after which some keys may be hot no more */
  vote(hash: number): boolean {
    const places = this.#places;
    const place = hash & (PLACES - 1);
    const owner = places[2 * place] as number;
    const votes = places[2 * place + 1] as number;
    if (owner === (hash | 0)) {
      places[2 * place + 1] = votes + 1;
      if (votes >= HOT_VOTES) this.#hot[place] = hash;
    } else if (votes < WARM_VOTES || this.#hot[place] === 0) {
      // All bits where nobody has votes: the key then takes the place, with the first one. A branch would be a guess.
      const free = (votes - 1) >> 31;
      places[2 * place] = owner ^ ((owner ^ hash) & free);
      places[2 * place + 1] = ((votes - 1) ^ free) - free;
    }
    return ++this.#votesOfAge >= AGE && this.#age();
  }

  #age(): boolean {
    this.#votesOfAge = 0;
    const places = this.#places;
    for (let place = 0; place < PLACES; place++) {
      const votes = (places[2 * place + 1] as number) >>> 1;
      places[2 * place + 1] = votes;
      if (votes < WARM_VOTES) this.#hot[place] = 0;
    }
    return true;
  }
}
