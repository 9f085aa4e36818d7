import { createBus } from '@kvscope/core';
import { compare } from '../comparison.js';
import { measure } from './shapes.js';

const CALLS = 100_000;
const channel = createBus().channel('block.stored');
let sink = 0;

/** Not inlined into the loop by name, so that the call itself is what is measured. */
function emptyCall(value: number): void {
  sink = value;
}

const event = {} as never;
await measure<'publish'>({
  'nobody listens': () =>
    compare({
      what: 'publishing when nothing listens',
      peerName: 'an empty call',
      budget: 2,
      perCall: CALLS,
      ours: () => {
        for (let i = 0; i < CALLS; i++) if (channel.wanted) channel.publish(event);
      },
      peer: () => {
        for (let i = 0; i < CALLS; i++) emptyCall(i);
      },
    }),
});
if (sink < 0) throw new Error('unreachable');
