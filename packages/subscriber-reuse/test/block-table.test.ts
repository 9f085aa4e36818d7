import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BlockTable } from '../src/block-table.ts';

/** Few hashes, of which many share a home in the smallest table, so that runs form, wrap around and are mended. */
const hash = fc.oneof(fc.nat(8), fc.constantFrom(1022, 1023, 1024, 2047, 2048, 2 ** 32 - 1));
const block = fc.record({ hash, check: fc.nat(2) });

it('finds what a Map finds, whatever is added and removed', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 200 }), (toggled) => {
      const table = new BlockTable(toggled.length);
      const known = new Map<string, number>();
      for (const [i, { hash, check }] of toggled.entries()) {
        const position = i + 1;
        const place = table.find(hash, check);
        if (known.delete(`${hash} ${check}`)) table.remove(place);
        else {
          expect(place).toBeLessThan(0);
          table.add(hash, check, position, place);
          known.set(`${hash} ${check}`, position);
        }
      }
      expect(table.size).toBe(known.size);
      for (const [name, position] of known) {
        const [hash, check] = name.split(' ').map(Number) as [number, number];
        const place = table.find(hash, check);
        expect([table.positionAt(place), table.findAt(position)]).toEqual([position, place]);
      }
    }),
  );
});

it('keeps positions and marks while it grows', () => {
  const table = new BlockTable(2500);
  for (let i = 1; i <= 5000; i++) {
    if (i > 2500) table.resize(5000);
    table.mark(table.add(i * 77, i, i, table.find(i * 77, i)), i % 3 === 0);
  }
  for (let i = 1; i <= 5000; i++) {
    const place = table.find(i * 77, i);
    expect([table.positionAt(place), table.hotAt(place) === 1]).toEqual([i, i % 3 === 0]);
  }
});
