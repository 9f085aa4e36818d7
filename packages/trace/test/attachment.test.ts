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
  const attachment = new Attachment(writer, {
    ownAtOnce,
    directory: '/nowhere',
    title: '',
    openDrain: () => {
      opened++;
      return { tell: (message) => void told.push(message) };
    },
    told: () => undefined,
    failed: () => undefined,
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
  return { attachment, writer, ring, told, heard, opened: () => opened, channel, id };
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
