import { errorTypeOf } from './store-error.js';

/** What a call on a file gives, or undefined when the file is not there. */
export async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (errorTypeOf(error) === 'not_found') return undefined;
    throw error;
  }
}
