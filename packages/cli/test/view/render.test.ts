import { LiveView } from '@kvscope/trace/viewer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { soundPublication } from '../../../../test/contract/arbitrary-events.ts';
import { traced } from '../../../trace/test/setup.ts';
import { render } from '../../src/view/render.ts';
import { scene } from './scenes.ts';

const golden = (name: string, lines: readonly string[]) =>
  expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.txt`);
const plain = { color: false };

describe('a frame', () => {
  it('before any process has answered', async () => {
    await golden('empty', render(new LiveView('42 demo.js').refresh(undefined), 80, plain));
  });

  it('of a process that has done nothing says in each row why there is nothing', async () => {
    await golden('idle', render(scene().frame(), 80, plain));
  });

  it('of work that goes on', async () => {
    const { work, fail, loopDelay, frame } = scene();
    work(20);
    fail();
    loopDelay(1.5, 4.9, 12, 31);
    await golden('live', render(frame(), 80, plain));
  });

  it('with colours', async () => {
    const { work, loopDelay, frame } = scene();
    work(20);
    loopDelay(1.5, 7.5, 12, 31);
    await golden('colours', render(frame(), 80, { color: true }));
  });

  it('of tasks that wait in the queue', async () => {
    const { work, frame } = scene();
    work(20, { queueMs: 50 });
    await golden('backpressure', render(frame(), 80, plain));
  });

  it('of loads that wait for the lower tier', async () => {
    const { work, frame } = scene();
    work(20, { waitMs: 50 });
    await golden('lower-tier', render(frame(), 80, plain));
  });

  it('of more events than the ring holds: what was dropped is exact, what is scaled says so', async () => {
    const { bus, source, work, control, drain, frame } = scene();
    for (let i = 0; i < 1500; i++) {
      bus.publish('block.stored', { source, tier: 'l1', time: 1_000_000, keys: [i], cause: 'computed' });
    }
    drain.pass();
    drain.tick();
    expect(control.shift).toBe(1);
    work(40);
    await golden('overload', render(frame(), 80, plain));
  });

  it('of a window that is over, with what the metrics say of it', async () => {
    const { bus, at, work, drain, frame } = scene();
    bus.publish('window.started', { ...at, window: 'run', time: 1_000_000 });
    work(20);
    bus.publish('window.finished', { ...at, window: 'run', time: 1_000_500 });
    drain.totals = { values: { loads: 40, dumps: 20, stores: 20, 'bytes read': 655_360 } };
    await golden('frozen', render(frame(), 80, plain));
  });

  it('of a process that has ended without a word', async () => {
    const { work, live, frame } = scene();
    work(20);
    frame();
    live.ended('a', undefined);
    await golden('gone', render(live.refresh(undefined), 80, plain));
  });

  it('in a narrow terminal has fewer columns', async () => {
    const { work, loopDelay, frame } = scene();
    work(20);
    loopDelay(1.5, 4.9, 12, 31);
    await golden('narrow', render(frame(), 50, plain));
  });
});

it('has the same lines whatever happens, none too wide, and shares that sum to 100 %', () => {
  const { source } = traced();
  const stream = fc.array(soundPublication([source]), { minLength: 1, maxLength: 60 });
  const height = render(scene().frame(), 80, plain).length;
  fc.assert(
    fc.property(stream, fc.integer({ min: 20, max: 120 }), (events, columns) => {
      const { bus, frame } = scene();
      for (const [type, event] of events) {
        if (type !== 'window.started') bus.publish(type, event as never);
      }
      const lines = render(frame(), columns, plain);
      expect(lines.length).toBe(height);
      for (const line of lines) expect([...line].length).toBeLessThanOrEqual(columns);
      const shares = render(frame(), 120, plain)
        .join('\n')
        .match(/backpressure ([\d.]+) % {3}█ lower tier ([\d.]+) % {3}░ host ([\d.]+) %/);
      if (shares === null) return;
      const tenths = shares.slice(1).map((share) => Math.round(Number(share) * 10));
      expect(tenths.reduce((a, b) => a + b)).toBe(1000);
    }),
    { numRuns: 100 },
  );
});
