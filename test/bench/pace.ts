const STEPS = 100_000;
const WARM_UP_SPINS = 300;
/** The core is calm when the loop takes at most so many times as long as at its best. */
const TOLERANCE = 1.15;
/** With fewer calm rounds than this, all of them count that the quickest core was found around. */
const LEAST_ROUNDS = 15;
/** Where another process, which measured for longer, says how long the loop takes at its best. */
export const PACE_VARIABLE = 'KVSCOPE_BENCH_PACE_MS';

/*
 * On a machine that others use as well two virtual cores may share a real one, and the neighbour takes up to half of it away, for
 * milliseconds or for minutes. No figure tells by itself whether it did. So the core runs a loop of its own, on registers
 * alone, before and after each round: what is measured has no say in which rounds count.
 */

let quickest = Number(process.env[PACE_VARIABLE] ?? Number.POSITIVE_INFINITY);
let spun = 0;

/** Four sums side by side: as much at once as a core has to share when it is shared. */
function spin(): void {
  let [a, b, c, d] = [spun, 1, 2, 3];
  for (let i = 0; i < STEPS; i++) {
    a = (a + i) | 0;
    b = (b ^ (i << 1)) | 0;
    c = (c + (i ^ 5)) | 0;
    d = (d ^ (i + 7)) | 0;
  }
  spun = a ^ b ^ c ^ d;
}

/** How long the loop takes now. {ms} */
function pace(): number {
  const start = performance.now();
  spin();
  const took = performance.now() - start;
  quickest = Math.min(quickest, took);
  return took;
}

/** How long the loop took at its best, within so many ms from now or before. {ms} */
export function quickestPace(ms: number): number {
  for (const end = performance.now() + ms; performance.now() < end; ) pace();
  return quickest;
}

export interface Rounds<T> {
  readonly figures: readonly T[];
  /** True when the core was too seldom calm: these figures are worse than those of the same machine by itself. */
  readonly disturbed: boolean;
}

/**
 * Calls `round` while the core is calm.
 * @param wanted calm rounds
 * @param patienceMs how long these are waited for
 */
export async function calmRounds<T>(
  wanted: number,
  patienceMs: number,
  round: () => T | Promise<T>,
): Promise<Rounds<T>> {
  const rounds: { figures: T; pace: number }[] = [];
  const calm = () => rounds.filter(({ pace }) => pace <= quickest * TOLERANCE);
  for (let spins = 0; spins < WARM_UP_SPINS; spins++) pace();
  const patience = performance.now() + patienceMs;
  while (calm().length < wanted) {
    const late = performance.now() > patience;
    if (late && rounds.length >= LEAST_ROUNDS) break;
    const before = pace();
    if (!late && before > quickest * TOLERANCE) continue;
    const figures = await round();
    rounds.push({ figures, pace: Math.max(before, pace()) });
  }
  const disturbed = calm().length < Math.min(wanted, LEAST_ROUNDS);
  const counting = disturbed ? rounds.sort((a, b) => a.pace - b.pace).slice(0, LEAST_ROUNDS) : calm();
  return { figures: counting.map(({ figures }) => figures), disturbed };
}
