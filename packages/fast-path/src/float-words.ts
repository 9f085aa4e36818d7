/*
 * A float64 as its two 32-bit words, without an allocation: write `float[0]`, then read `words[HIGH]`. The scratch is one
 * for all, so that nothing may run between the two.
 */

/** One float64. */
export const float = new Float64Array(1);
/** Its words. */
export const words = new Uint32Array(float.buffer);
/** Which word holds the sign, the exponent and the upper 20 bits of the mantissa. */
export const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

export const EXPONENT_BIAS = 1023;
