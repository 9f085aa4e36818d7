import { fileURLToPath } from 'node:url';

/** The documentation's folder, where the pages are. */
export const PAGES_FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** Where a source file of the core package is. */
export function coreFile(name: string): string {
  return fileURLToPath(new URL(`../../packages/core/src/${name}`, import.meta.url));
}

/** What the last whole run of the benchmarks measured. */
export function benchmarkResults(): string {
  return fileURLToPath(new URL('../../test/bench/results.json', import.meta.url));
}
