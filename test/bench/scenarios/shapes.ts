import type { Comparison } from '../comparison.js';

/** Scenarios that are measured shape by shape, each in a process of its own. */
export const SHAPES = {
  lifecycle: [
    'numbers',
    'bigints',
    'strings',
    '4k live',
    '64k live',
    '1M live',
    'memory',
    'memory of ghosts',
    'longest publish',
    'ghost sweep',
  ],
  trace: ['time given', 'own clock', 'whole task'],
} as const;

type Shapes = typeof SHAPES;

/** Measures the shapes named on the command line, or all of them, and prints the figures. */
export function measure<S extends keyof Shapes>(
  shapes: Readonly<Record<Shapes[S][number], () => Comparison>>,
): void {
  const named = process.argv.slice(2);
  const chosen = Object.entries<() => Comparison>(shapes).filter(
    ([name]) => named.length === 0 || named.includes(name),
  );
  console.log(JSON.stringify(chosen.map(([, shape]) => shape())));
}
