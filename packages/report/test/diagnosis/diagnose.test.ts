import { ALERTS, PLAYBOOKS } from '@kvscope/dashboards';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { type Diagnosis, isHealthy } from '../../src/diagnosis/diagnosis.ts';
import { diagnosisAsJson } from '../../src/diagnosis/diagnosis-json.ts';
import { playbook, ScriptedAnswers, WINDOW } from './scripted-answers.ts';

const found = ({ matches }: Diagnosis) => matches.map((match) => match.playbook.id);
const reasonFor = ({ unjudged }: Diagnosis, id: string) =>
  unjudged.find((judged) => judged.playbook.id === id)?.reason;

describe('a playbook', () => {
  it('each matches when all of its signature is past its bounds, and is clear when it is not', async () => {
    for (const { id } of PLAYBOOKS) {
      const sick = await diagnose(new ScriptedAnswers().show(id, 1.01), WINDOW);
      expect([id, found(sick)]).toEqual([id, expect.arrayContaining([id])]);
      const healthy = await diagnose(new ScriptedAnswers().show(id, 0.99), WINDOW);
      expect([id, found(healthy), healthy.clear.map((judged) => judged.playbook.id)]).toEqual([
        id,
        [],
        expect.arrayContaining([id]),
      ]);
    }
  });

  it('does not match when one condition of several is not met', async () => {
    const [first, ...others] = playbook('starved-workers').signature;
    const answers = new ScriptedAnswers().show('starved-workers', 2);
    const script = new ScriptedAnswers();
    for (const { query, least } of playbook('starved-workers').observed) script.say(query, least);
    script.say(others[0]?.query as never, (others[0]?.bound as number) * 2);
    script.say(first?.query as never, (first?.bound as number) / 2);
    expect(found(await diagnose(answers, WINDOW))).toEqual(['starved-workers']);
    expect(found(await diagnose(script, WINDOW))).toEqual([]);
  });

  it('is not judged by nothing, by too little, or without a figure', async () => {
    const nothing = await diagnose(new ScriptedAnswers(), WINDOW);
    expect([nothing.matches, nothing.clear, nothing.unjudged.length]).toEqual([[], [], PLAYBOOKS.length]);
    expect(reasonFor(nothing, 'slow-loads')).toBe('no loads were seen');
    const { observed, signature } = playbook('slow-loads');
    const loads = observed[0]?.query as never;
    const few = new ScriptedAnswers().say(signature[0]?.query as never, 9).say(loads, 0.03);
    expect(reasonFor(await diagnose(few, WINDOW), 'slow-loads')).toBe('too few loads: 3, and it takes 20');
    const figureless = await diagnose(new ScriptedAnswers().say(loads, 10), WINDOW);
    expect(reasonFor(figureless, 'slow-loads')).toBe('no figure for the mean load');
  });

  it('may count in multiples of something, such as the blocks that a tier holds', async () => {
    const { observed, signature } = playbook('cache-pollution');
    const script = (held: number) => {
      const answers = new ScriptedAnswers();
      for (const { query, per } of observed) {
        answers.say(query, 10);
        if (per !== undefined) answers.say(per, held);
      }
      for (const { query, is, bound } of signature) answers.say(query, is === 'above' ? bound * 1.05 : 0);
      return answers;
    };
    // A thousand evictions.
    expect(found(await diagnose(script(500), WINDOW))).toEqual(['cache-pollution']);
    expect(reasonFor(await diagnose(script(4000), WINDOW), 'cache-pollution')).toBe(
      'too few evictions for each block that a tier holds: 0.25, and it takes 2',
    );
  });

  it('that nothing at all can make worse holds without its figure', async () => {
    const answers = new ScriptedAnswers();
    const { observed, signature } = playbook('low-hit-ratio');
    answers.say(observed[0]?.query as never, 100).say(signature[0]?.query as never, 0);
    const [match] = (await diagnose(answers, WINDOW)).matches;
    expect(match?.playbook.id).toBe('low-hit-ratio');
    expect(match?.cases[0]?.evidence.map(({ value }) => value)).toEqual([0, undefined]);
  });
});

describe('places', () => {
  const tier = (kv_cache_tier: string) => ({ kv_cache_tier });

  it('are told apart by labels: figures of two tiers make no match together', async () => {
    const { observed, signature } = playbook('thrashing-tier');
    const answers = new ScriptedAnswers();
    for (const name of ['l0', 'l1']) {
      for (const { query, least } of observed) answers.say(query, least, tier(name));
    }
    for (const [i, { query, is, bound }] of signature.entries()) {
      const bad = is === 'above' ? bound * 2 : bound / 2;
      const good = is === 'above' ? bound / 2 : bound * 2;
      answers.say(query, i === 0 ? bad : good, tier('l0')).say(query, i === 0 ? good : bad, tier('l1'));
    }
    expect(found(await diagnose(answers, WINDOW))).toEqual([]);
  });

  it('are all named, the worst first', async () => {
    const answers = new ScriptedAnswers()
      .show('thrashing-tier', 1.2, tier('l0'))
      .show('thrashing-tier', 1.4, tier('l1'));
    const [match] = (await diagnose(answers, WINDOW)).matches;
    expect(match?.cases.map(({ labels }) => labels)).toEqual([tier('l1'), tier('l0')]);
  });

  it('services are matched each by itself', async () => {
    const answers = new ScriptedAnswers(['job'])
      .show('slow-lower-tier', 4, { job: 'a' })
      .show('slow-loads', 2, { job: 'b' })
      .show('slow-loads', 0.5, { job: 'a' });
    const { matches } = await diagnose(answers, WINDOW);
    expect(
      matches.map(({ playbook: { id }, service, explainedBy }) => [id, service.job, explainedBy]),
    ).toEqual(
      // Of another service the lower tier explains nothing.
      expect.arrayContaining([['slow-loads', 'b', []]]),
    );
    expect(matches.some(({ playbook: { id }, service }) => id === 'slow-loads' && service.job === 'a')).toBe(
      false,
    );
  });
});

describe('the order', () => {
  it('is that of how far figures are past their bounds', async () => {
    const order = async (save: number, starved: number) =>
      found(
        await diagnose(new ScriptedAnswers().show('save-tail', save).show('thrashing-tier', starved), WINDOW),
      );
    expect(await order(8, 2)).toEqual(['save-tail', 'thrashing-tier']);
    expect(await order(2, 8)).toEqual(['thrashing-tier', 'save-tail']);
  });

  it('has what another one explains after it, however far it is past', async () => {
    const answers = new ScriptedAnswers().show('save-tail', 500).show('dump-back-pressure', 1.1);
    const { matches } = await diagnose(answers, WINDOW);
    expect(matches.map((match) => [match.playbook.id, match.explainedBy])).toEqual([
      ['dump-back-pressure', []],
      ['save-tail', ['Dump back-pressure']],
    ]);
  });

  it('explanations name playbooks that there are, and never go round in a circle', () => {
    const ids = PLAYBOOKS.map(({ id }) => id);
    const reach = (id: string, path: readonly string[] = []): void => {
      expect(path).not.toContain(id);
      expect(ids).toContain(id);
      for (const cause of playbook(id).explainedBy ?? []) reach(cause, [...path, id]);
    };
    for (const id of ids) reach(id);
  });
});

it('findings whose conditions hold give the answer; others are possible', async () => {
  const { findings } = playbook('slow-lower-tier');
  const answers = new ScriptedAnswers().show('slow-lower-tier', 4);
  const queued = findings.find(({ when }) => when.includes('high per io, and calls queue'));
  answers.say(queued?.conditions[0]?.query as never, 5);
  const [match] = (await diagnose(answers, WINDOW)).matches;
  expect(match?.findings.map(({ when }) => when)).toEqual([queued?.when]);
  expect(match?.possible.every(({ evidence }) => evidence.length === 0)).toBe(true);
});

it('what fails outright is a warning, with what it means, and nothing is healthy then', async () => {
  const alert = ALERTS.find(({ name }) => name === 'KvCacheIoErrors');
  const labels = { kv_cache_tier: 'l2', error_type: 'no_space' };
  const answers = new ScriptedAnswers().say(alert?.conditions[0]?.query as never, 0.5, labels);
  const diagnosis = await diagnose(answers, WINDOW);
  expect(diagnosis.warnings.map(({ evidence, says }) => [evidence.value, evidence.labels, says])).toEqual([
    [0.5, labels, alert?.description],
  ]);
  expect([isHealthy(diagnosis), diagnosis.matches]).toEqual([false, []]);
});

it('an empty window is refused', async () => {
  await expect(diagnose(new ScriptedAnswers(), { from: 5, to: 5 })).rejects.toThrow('from 5 to 5 is no time');
});

it('is one JSON object with everything that was looked at', async () => {
  const answers = new ScriptedAnswers().show('starved-workers', 2);
  const json = JSON.parse(JSON.stringify(diagnosisAsJson(await diagnose(answers, WINDOW))));
  const { title, symptom, causes, changes, worked } = playbook('starved-workers');
  expect(json).toEqual({
    source: 'a script',
    from: 1000,
    to: 1100,
    healthy: false,
    findings: [
      {
        playbook: 9,
        id: 'starved-workers',
        title,
        symptom,
        service: {},
        severity: 1,
        explainedBy: [],
        cases: [
          {
            labels: {},
            evidence: [
              {
                figure: 'the p99 of the task queue over its mean',
                value: 40,
                is: 'above',
                bound: 20,
                unit: 'ratio',
                labels: {},
                promql: 'figure[100s]',
              },
              {
                figure: 'the p99 of the task queue',
                value: 0.02,
                is: 'above',
                bound: 0.01,
                unit: 's',
                labels: {},
                promql: 'figure[100s]',
              },
            ],
          },
        ],
        measured: [],
        possible: [expect.objectContaining({ evidence: [] })],
        causes,
        changes,
        worked,
      },
    ],
    warnings: [],
    clear: [],
    unjudged: expect.arrayContaining([{ playbook: 2, id: 'slow-loads', reason: 'no loads were seen' }]),
  });
  const { findings, clear, unjudged } = json;
  expect(findings.length + clear.length + unjudged.length).toBe(PLAYBOOKS.length);
});
