import { describe, expect, it } from 'vitest';
import { batch, setup } from './setup.ts';

const NONE = { lastSequence: undefined, missed: 0, replayed: 0, duplicates: 0, restarts: 0 };

describe('without a replay endpoint', () => {
  it('applies what comes in order', () => {
    const { live, did, counts } = setup({ replay: false });
    live(0, 1, 2);
    expect(did()).toEqual(['live 0', 'live 1', 'live 2']);
    expect(counts).toEqual({ ...NONE, lastSequence: 2 });
  });

  it('counts a gap with its size and resets before what comes after it', () => {
    const { live, did, counts } = setup({ replay: false });
    live(0, 5);
    expect(did()).toEqual(['live 0', 'reset', 'live 5']);
    expect(counts).toEqual({ ...NONE, lastSequence: 5, missed: 4 });
  });

  it('takes a first batch after the first number for a gap', () => {
    const { live, did, counts } = setup({ replay: false });
    live(3);
    expect(did()).toEqual(['reset', 'live 3']);
    expect(counts.missed).toBe(3);
  });

  it('begins at 1 with a Mooncake master', () => {
    const { live, did, counts } = setup({ replay: false, firstSequence: 1 });
    live(1, 2);
    expect(did()).toEqual(['live 1', 'live 2']);
    expect(counts.missed).toBe(0);
  });

  it('drops duplicates, and what comes too late for a gap that was given up', () => {
    const { live, did, counts } = setup({ replay: false });
    live(0, 1, 1, 0, 3, 2);
    expect(did()).toEqual(['live 0', 'live 1', 'reset', 'live 3']);
    expect(counts).toEqual({ ...NONE, lastSequence: 3, missed: 1, duplicates: 3 });
  });
});

describe('a gap with a replay endpoint', () => {
  it('is filled in order while live batches wait', () => {
    const { live, replay, did, counts, tracker } = setup();
    live(0, 3, 4);
    expect(did()).toEqual(['live 0', 'request 1 from 1']);
    expect([tracker.replaying, tracker.held]).toEqual([true, 2]);
    replay(1, 1, 2);
    expect(did()).toEqual(['replayed 1', 'replayed 2', 'live 3', 'live 4', 'abandon 1']);
    expect(counts).toEqual({ ...NONE, lastSequence: 4, replayed: 2 });
    expect([tracker.replaying, tracker.held]).toEqual([false, 0]);
  });

  it('is closed by the late batch itself, and the replay is not waited for', () => {
    const { live, replay, did, counts } = setup();
    live(0, 2, 1);
    expect(did()).toEqual(['live 0', 'request 1 from 1', 'live 1', 'live 2', 'abandon 1']);
    replay(1, 1, 2);
    expect(did()).toEqual([]);
    expect(counts).toEqual({ ...NONE, lastSequence: 2 });
  });

  it('at the start lets a late joiner have the whole buffer', () => {
    const { live, replay, did, counts } = setup();
    live(3);
    replay(1, 0, 1, 2);
    expect(did()).toEqual([
      'request 1 from 0',
      'replayed 0',
      'replayed 1',
      'replayed 2',
      'live 3',
      'abandon 1',
    ]);
    expect(counts).toEqual({ ...NONE, lastSequence: 3, replayed: 3 });
  });

  it('is missed as far as the buffer does not reach back', () => {
    const { live, replay, did, counts } = setup();
    live(0, 6);
    replay(1, 4, 5);
    expect(did()).toEqual([
      'live 0',
      'request 1 from 1',
      'reset',
      'replayed 4',
      'replayed 5',
      'live 6',
      'abandon 1',
    ]);
    expect(counts).toEqual({ ...NONE, lastSequence: 6, missed: 3, replayed: 2 });
  });

  it('keeps a hole that no buffer has, since its number was spent on an error', () => {
    const { live, replay, did, tracker, counts } = setup();
    live(0, 4);
    replay(1, 1, 3);
    expect(did()).toEqual(['live 0', 'request 1 from 1', 'replayed 1', 'request 2 from 2']);
    replay(2, 3);
    expect(did()).toEqual(['reset', 'replayed 3', 'live 4', 'abandon 2']);
    tracker.replayEnded(2, 0);
    expect(counts).toEqual({ ...NONE, lastSequence: 4, missed: 1, replayed: 2 });
  });

  it('is asked for again from where a replay broke off, whose publisher had no room for all replies', () => {
    const { live, replay, tracker, did, counts } = setup();
    live(0, 9);
    // 3 and 4 were dropped, and what comes behind them is not applied out of turn.
    replay(1, 1, 2, 5, 6);
    expect(did()).toEqual(['live 0', 'request 1 from 1', 'replayed 1', 'replayed 2', 'request 2 from 3']);
    // The end of this one was dropped along with the rest.
    replay(2, 3, 4, 5);
    tracker.tick(100);
    expect(did()).toEqual(['replayed 3', 'replayed 4', 'replayed 5', 'request 3 from 6']);
    // And this one ends without 8.
    replay(3, 6, 7);
    tracker.replayEnded(3, 100);
    expect(did()).toEqual(['replayed 6', 'replayed 7', 'request 4 from 8']);
    tracker.replayed(4, 8, batch(8), 100);
    expect(did()).toEqual(['replayed 8', 'live 9', 'abandon 4']);
    expect(counts).toEqual({ ...NONE, lastSequence: 9, replayed: 8 });
  });

  it('is not asked for again without end', () => {
    const { live, replay, did, counts } = setup();
    live(0, 100);
    // A publisher that has every other batch only.
    for (let request = 1, from = 1; request <= 17; request++, from += 2) replay(request, from, from + 2);
    expect(did().filter((step) => step.startsWith('request'))).toHaveLength(17);
    expect([counts.replayed, counts.missed]).toEqual([18, 17]);
  });

  it('is given up at the end, and what waits is applied', () => {
    const { live, tracker, did, counts } = setup();
    live(0, 2);
    tracker.end();
    expect(did()).toEqual(['live 0', 'request 1 from 1', 'abandon 1', 'reset', 'live 2']);
    expect(counts).toEqual({ ...NONE, lastSequence: 2, missed: 1 });
  });

  it('is missed when the replay ends without it', () => {
    const { live, tracker, did, counts } = setup();
    live(0, 2, 3);
    tracker.replayEnded(1, 0);
    expect(did()).toEqual(['live 0', 'request 1 from 1', 'reset', 'live 2', 'live 3']);
    expect(counts).toEqual({ ...NONE, lastSequence: 3, missed: 1 });
  });

  it('that opened after the replay was asked for gets a replay of its own', () => {
    const { live, replay, tracker, did, counts } = setup();
    live(0, 2, 5);
    replay(1, 1);
    expect(did()).toEqual(['live 0', 'request 1 from 1', 'replayed 1', 'live 2']);
    tracker.replayEnded(1, 0);
    expect(did()).toEqual(['request 2 from 3']);
    replay(2, 3, 4);
    expect(did()).toEqual(['replayed 3', 'replayed 4', 'live 5', 'abandon 2']);
    expect(counts).toEqual({ ...NONE, lastSequence: 5, replayed: 3 });
  });

  it('is given up when the endpoint is silent for longer than the timeout', () => {
    const { live, tracker, did, counts } = setup();
    live(0, 2);
    did();
    tracker.tick(101);
    expect(did()).toEqual([]);
    tracker.tick(102);
    expect(did()).toEqual(['abandon 1', 'reset', 'live 2']);
    expect(counts).toEqual({ ...NONE, lastSequence: 2, missed: 1 });
  });

  it('is waited for as long as replies come', () => {
    const { live, tracker, did, counts } = setup();
    live(0, 4);
    tracker.replayed(1, 1, batch(1), 90);
    tracker.tick(150);
    tracker.replayed(1, 2, batch(2), 180);
    tracker.tick(279);
    expect(did()).toEqual(['live 0', 'request 1 from 1', 'replayed 1', 'replayed 2']);
    tracker.tick(280);
    expect(did()).toEqual(['request 2 from 3']);
    tracker.tick(380);
    expect(did()).toEqual(['abandon 2', 'reset', 'live 4']);
    expect(counts.missed).toBe(1);
  });

  it('is given up when the endpoint cannot be asked, or too many batches wait', () => {
    const { live, tracker, did, counts } = setup({ maxHeldBatches: 2 });
    live(0, 2);
    tracker.replayFailed(1);
    expect(did()).toEqual(['live 0', 'request 1 from 1', 'abandon 1', 'reset', 'live 2']);
    live(4, 5, 6);
    expect(did()).toEqual(['request 2 from 3', 'abandon 2', 'reset', 'live 4', 'live 5', 'live 6']);
    expect(counts).toEqual({ ...NONE, lastSequence: 6, missed: 2 });
  });

  it('never takes a late reply for one of a later request', () => {
    const { live, tracker, replay, did } = setup();
    live(0, 2);
    tracker.tick(102);
    live(4);
    did();
    replay(1, 1, 3);
    tracker.replayEnded(1, 0);
    expect(did()).toEqual([]);
    expect(tracker.replaying).toBe(true);
  });

  it('drops live batches that are held already or were replayed', () => {
    const { live, replay, counts, did } = setup();
    live(0, 3, 3);
    replay(1, 1, 1, 2);
    live(2);
    expect(counts).toEqual({ ...NONE, lastSequence: 3, replayed: 2, duplicates: 3 });
    expect(did().filter((step) => step.startsWith('live') || step.startsWith('replayed'))).toEqual([
      'live 0',
      'replayed 1',
      'replayed 2',
      'live 3',
    ]);
  });
});

describe('a restart', () => {
  it('is a number that goes back with a newer batch', () => {
    const { live, tracker, did, counts } = setup({ replay: false });
    live(0, 1, 2);
    tracker.live(0, batch(3, 1), 3);
    tracker.live(1, batch(4, 1), 4);
    expect(did()).toEqual(['live 0', 'live 1', 'live 2', 'reset', 'live 0', 'live 1']);
    expect(counts).toEqual({ ...NONE, lastSequence: 1, restarts: 1 });
  });

  it('is another batch under a number that was just applied, whatever the clock says', () => {
    const { live, tracker, counts } = setup({ replay: false });
    live(0, 1, 2);
    tracker.live(1, batch(-5, 1), 3);
    expect(counts).toEqual({ ...NONE, lastSequence: 1, missed: 1, restarts: 1 });
  });

  it('asks for what the new start published before it was heard', () => {
    const { live, tracker, did, counts } = setup();
    live(0, 1, 2, 3);
    did();
    tracker.live(2, batch(10, 1), 10);
    expect(did()).toEqual(['reset', 'request 1 from 0']);
    tracker.replayed(1, 0, batch(8, 1), 10);
    tracker.replayed(1, 1, batch(9, 1), 10);
    expect(did()).toEqual(['replayed 0', 'replayed 1', 'live 2', 'abandon 1']);
    expect(counts).toEqual({ ...NONE, lastSequence: 2, replayed: 2, restarts: 1 });
  });

  it('during a replay gives the old gap up first', () => {
    const { live, tracker, did, counts } = setup();
    live(0, 2);
    tracker.live(0, batch(5, 1), 5);
    expect(did()).toEqual(['live 0', 'request 1 from 1', 'abandon 1', 'reset', 'live 2', 'reset', 'live 0']);
    expect(counts).toEqual({ ...NONE, lastSequence: 0, missed: 1, restarts: 1 });
  });

  it('is told after a while even when the publisher came back with its clock and its first batches lost', () => {
    const { live, tracker, counts } = setup({ replay: false });
    for (let i = 0; i < 200; i++) live(i + 0);
    for (let i = 0; i < 16; i++) tracker.live(20 + i, batch(-100 + i, 1), 300);
    expect(counts.restarts).toBe(1);
    expect(counts.lastSequence).toBe(35);
    expect([counts.duplicates, counts.missed]).toEqual([15, 35]);
  });
});

it('names the option that is out of range', () => {
  expect(() => setup({ replayTimeoutMs: 0 })).toThrow(/replayTimeoutMs is 0; allowed: a number from 1/);
});
