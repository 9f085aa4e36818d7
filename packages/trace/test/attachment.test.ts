import { BroadcastChannel } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { Attachment } from '../src/drain/attachment.ts';
import { DRAIN_CHANNEL, type ProducerMessage } from '../src/drain/messages.ts';
import { TraceControl } from '../src/ring/control.ts';
import { createRing, INT } from '../src/ring/layout.ts';
import { RingWriter } from '../src/ring/ring-writer.ts';

function setup(ownAtOnce: boolean) {
  const ring = createRing(1024, 1);
  const writer = new RingWriter(ring, new TraceControl());
  const channel = new BroadcastChannel(DRAIN_CHANNEL);
  const told: unknown[] = [];
  let opened = 0;
  let die = (_: Error): void => undefined;
  const failures: string[] = [];
  const attachment = new Attachment(writer, {
    ownAtOnce,
    directory: '/nowhere',
    title: '',
    openDrain: (_data, handlers) => {
      opened++;
      die = handlers.failed;
      return { tell: (message) => void told.push(message) };
    },
    told: () => undefined,
    failed: ({ message }) => void failures.push(message),
  });
  onTestFinished(() => {
    attachment.stop();
    channel.close();
  });
  const id = ring.ints[INT.id] as number;
  /** The next message of this ring that a drain would hear. */
  const heard = () =>
    new Promise<ProducerMessage>((resolve) => {
      channel.onmessage = (event) => {
        const message = (event as { readonly data: ProducerMessage }).data;
        if (message.id === id) resolve(message);
      };
    });
  const dies = (message: string) => die(new Error(message));
  return { attachment, writer, ring, told, heard, opened: () => opened, dies, failures, channel, id };
}

it('the main thread starts a drain at once, and asks it to close', () => {
  const { attachment, opened, told } = setup(true);
  attachment.check();
  expect(opened()).toBe(1);
  attachment.stop();
  attachment.stop();
  expect(told).toEqual([{ kind: 'close' }]);
});

it('another thread offers its ring, and starts its own drain when none answers in three checks', async () => {
  const { attachment, heard, opened, id } = setup(false);
  expect(await heard()).toMatchObject({ kind: 'ring', id });
  for (let i = 0; i < 2; i++) attachment.check();
  expect(opened()).toBe(0);
  attachment.check();
  expect(opened()).toBe(1);
});

it('a thread stays with the drain that took its ring for as long as that lives, then offers it again', async () => {
  const { attachment, writer, ring, heard, opened, channel, id } = setup(false);
  await heard();
  const control = new TraceControl();
  Atomics.store(ring.ints, INT.owner, 7);
  channel.postMessage({ kind: 'adopted', id, control: control.buffer });
  control.countBeat();
  while (writer.control.beat !== control.beat) await new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < 10; i++) {
    control.countBeat();
    attachment.check();
  }
  expect([opened(), Atomics.load(ring.ints, INT.owner)]).toEqual([0, 7]);
  const again = heard();
  attachment.check();
  // Its owner is not heard of any more, and loses the ring.
  expect([(await again).kind, Atomics.load(ring.ints, INT.owner)]).toEqual(['ring', 0]);
  for (let i = 0; i < 2; i++) attachment.check();
  expect(opened()).toBe(1);
});

it('a thread that stops says so', async () => {
  const { attachment, heard, id } = setup(false);
  await heard();
  const next = heard();
  attachment.stop();
  expect(await next).toEqual({ kind: 'end', id });
});

it('a drain that dies is followed by another, later each time, and up to the fifth', () => {
  const { attachment, ring, opened, dies, failures } = setup(true);
  const checksUntilNext = (): number => {
    const before = opened();
    for (let checks = 1; checks <= 1000; checks++) {
      attachment.check();
      if (opened() > before) return checks;
    }
    return Number.POSITIVE_INFINITY;
  };
  attachment.check();
  const waited = Array.from({ length: 5 }, (_, death) => {
    Atomics.store(ring.ints, INT.owner, 7);
    dies(`death ${death + 1}`);
    return checksUntilNext();
  });
  expect(waited).toEqual([6, 12, 24, 48, Number.POSITIVE_INFINITY]);
  expect(opened()).toBe(5);
  expect(failures).toEqual([
    ...[1, 2, 3, 4].map((death) => `death ${death} (another one follows)`),
    'death 5 (the last of 5: no other follows)',
  ]);
});
