import { PLAYBOOKS, type Playbook } from '@kvscope/dashboards';
import { expect, it } from 'vitest';
import { findingsOf } from '../../src/contents/findings.ts';
import type { Diagnosis, Evidence } from '../../src/diagnosis/diagnosis.ts';

const [lowHitRatio] = PLAYBOOKS as readonly [Playbook];
const NOTHING: Diagnosis = {
  source: 'a test',
  window: { from: 0, to: 60 },
  matches: [],
  warnings: [],
  clear: [],
  unjudged: [],
};

function evidence(figure: string, value?: number): Evidence {
  const query = lowHitRatio.signature[0]?.query as Evidence['condition']['query'];
  const condition = { figure, query, is: 'above', bound: 0.001, unit: 's' } as const;
  return { condition, labels: { kv_cache_tier: 'l1' }, promql: 'up', ...(value !== undefined && { value }) };
}

it('a match is its symptom, its figures beside their bounds, its cause and what to change', () => {
  const [found] = findingsOf({
    ...NOTHING,
    matches: [
      {
        playbook: { ...lowHitRatio, changes: ['See [Slow lower tier](#3-slow-lower-tier) and `x`.'] },
        number: 1,
        service: { job: 'decode' },
        cases: [
          { labels: {}, evidence: [evidence('the mean queue', 0.0123), evidence('the wait')], severity: 3 },
        ],
        findings: [{ when: 'it is small', answer: 'More of `it`.', evidence: [] }],
        possible: [],
        explainedBy: [],
      },
    ],
  });
  expect(found).toEqual({
    state: 'bad',
    title: `${lowHitRatio.title}, job decode (playbook 1)`,
    text: lowHitRatio.symptom,
    evidence: [
      'The mean queue (tier l1): 12.3 ms, above 1 ms.',
      'The wait (tier l1): nothing to make it of, above 1 ms.',
      'Cause: it is small: More of it.',
    ],
    changes: ['See Slow lower tier and x.'],
  });
});

it('one that another explains says so, and is not as bad', () => {
  const match = {
    playbook: lowHitRatio,
    number: 1,
    service: {},
    cases: [],
    findings: [],
    possible: [{ when: 'keys never match', answer: 'Look at the salt.', evidence: [] }],
    explainedBy: ['Slow lower tier'],
  };
  const [found] = findingsOf({ ...NOTHING, matches: [match] });
  expect(found).toMatchObject({
    state: 'fair',
    text: `${lowHitRatio.symptom} Explained by: Slow lower tier. Mend that first.`,
    evidence: ['Perhaps, if keys never match: Look at the salt.'],
  });
});

it('what fails outright comes first, once for all that mean the same', () => {
  const warning = (figure: string, says: string) => ({ evidence: evidence(figure, 2), says });
  const found = findingsOf({
    ...NOTHING,
    warnings: [
      warning('one', 'Storage fails.'),
      warning('two', 'Storage fails.'),
      warning('three', 'A source is gone.'),
    ],
  });
  expect(found.map(({ state, text, evidence: shown }) => [state, text, shown.length])).toEqual([
    ['bad', 'Storage fails.', 2],
    ['bad', 'A source is gone.', 1],
  ]);
});
