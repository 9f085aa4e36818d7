import { z } from 'zod';

/*
 * Building blocks of the schemas. The message of each is what is allowed, in words that complete
 * "FIELD is VALUE; allowed: ...".
 */

export function whole(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** Above 0. */
export function positive(most: number) {
  const error = `a number above 0 and at most ${most}`;
  return z.number({ error }).positive({ error }).max(most, { error });
}

export function oneOf<T extends string>(values: readonly [T, ...T[]]) {
  return z.enum(values, { error: values.join(', ') });
}

export const flag = z.boolean({ error: 'true or false' });

export function text(most: number) {
  const error = `text of 1 to ${most} characters`;
  return z.string({ error }).min(1, { error }).max(most, { error });
}

export function matching(pattern: RegExp, error: string) {
  return z.string({ error }).regex(pattern, { error });
}

/** @param what the name of such an object where one is missing */
export function fields<S extends z.core.$ZodLooseShape>(what: string, shape: S) {
  const names = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? names : `${what} with ${names}`),
  });
}
