import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Chain, type Linked } from '../src/chain.ts';

interface Node extends Linked<Node> {
  readonly name: number;
}
const node = (name: number): Node => ({ name, older: undefined, newer: undefined });

/** The chain from the oldest on. */
function names(chain: Chain<Node>): number[] {
  const found: number[] = [];
  for (let record = chain.oldest; record !== undefined; record = record.newer) found.push(record.name);
  return found;
}

test('keeps the order of adding through removals and renewals, like a list', () => {
  const step = fc.record({ name: fc.nat(9), act: fc.constantFrom('add', 'remove', 'renew') });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const chain = new Chain<Node>();
      const nodes = new Map<number, Node>();
      for (const { name, act } of steps) {
        const present = nodes.get(name);
        if (act === 'add' && present === undefined) {
          nodes.set(name, node(name));
          chain.add(nodes.get(name) as Node);
        } else if (act === 'remove' && present !== undefined) {
          nodes.delete(name);
          chain.remove(present);
          expect([present.older, present.newer]).toEqual([undefined, undefined]);
        } else if (act === 'renew' && present !== undefined) {
          nodes.delete(name);
          nodes.set(name, present);
          chain.renew(present);
        }
        expect(names(chain)).toEqual([...nodes.keys()]);
      }
    }),
  );
});
