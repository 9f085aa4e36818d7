const WARM_UP_ROUNDS = 16;

/**
 * A seeded stream of random numbers: sfc32, the 32-bit "small fast counting" generator of Chris Doty-Humphrey's
 * PractRand (public domain). It has 128 bits of state and is made of 32-bit additions, shifts and rotations, so a
 * seed gives the same numbers on every machine.
 *
 * The distributions use Math.log and `**`, which V8 computes with code of its own and not with the machine's
 * library.
 */
export class Random {
  #a = 0;
  #b = 0;
  #c: number;
  #counter = 1;

  /** @param seed a whole number from 0 to 2^32 - 1 */
  constructor(seed: number) {
    this.#c = seed | 0;
    for (let i = 0; i < WARM_UP_ROUNDS; i++) this.#next();
  }

  /** Above 0 and at most 1. */
  uniform(): number {
    return (this.#next() + 1) / 0x1_0000_0000;
  }

  /** Exponentially distributed: the gaps of a Poisson process have this shape. Above or equal to 0. */
  exponential(mean: number): number {
    return -Math.log(this.uniform()) * mean;
  }

  /** 32 random bits, as a whole number of 0 or more. */
  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
