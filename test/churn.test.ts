import { beforeAll, describe, expect, it } from 'vitest';
import { type ChurnState, createChurn, LIMITS } from './bench/churn/churn.ts';

/** `test/bench/churn.ts` runs 10 million of these by hand, and watches the heap too. */
const EVENTS = 600_000;
const PARTS = 6;

describe('under a mix of all events', () => {
  const churn = createChurn();
  const states: ChurnState[] = [];
  beforeAll(() => {
    for (let part = 0; part < PARTS; part++) {
      churn.run(EVENTS / PARTS);
      states.push(churn.state());
    }
  });

  it('no state gets over its limit', () => {
    for (const { residents, ghosts, openRequests, openBatches } of states) {
      expect(residents).toBeLessThanOrEqual(LIMITS.residents);
      expect(ghosts).toBeLessThanOrEqual(LIMITS.ghosts);
      expect(openRequests).toBeLessThanOrEqual(LIMITS.requests);
      expect(openBatches).toBeLessThanOrEqual(LIMITS.batches);
    }
  });

  it('all that was published is accounted for, and what was turned away is counted', () => {
    for (const { what, published, accounted } of churn.finish()) {
      expect([what, accounted]).toEqual([what, published]);
    }
    expect(churn.failures).toBe(0);
  });

  it('each limit was reached, or the test would prove nothing', () => {
    const turnedAway = churn.finish().map(({ turnedAway }) => turnedAway > 0);
    expect(turnedAway).toEqual([true, true, true, false, false]);
    expect(churn.lines).toBeGreaterThan(0);
  });
});
