/**
 * Tells that a peer cannot be had, so that a skipped test is seen.
 * @throws Error in continuous integration, where a test that needs a peer must not be left out
 */
export function reportAbsentPeer(peer: string, remedy: string): void {
  if (process.env.CI === 'true') throw new Error(`CI is true, and ${peer} is absent. ${remedy}`);
  console.warn(`SKIPPED: ${peer} is absent. ${remedy}`);
}
