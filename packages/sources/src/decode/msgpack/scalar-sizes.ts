/** Bytes that a msgpack value takes by its first byte, where that byte alone tells; 0 where it does not. */
export const SCALAR_SIZES: Uint8Array = new Uint8Array(256);

// https://github.com/msgpack/msgpack/blob/master/spec.md#formats
const SIZES: readonly (readonly [first: number, last: number, bytes: number])[] = [
  [0x00, 0x7f, 1],
  [0xc0, 0xc0, 1],
  [0xc2, 0xc3, 1],
  [0xca, 0xca, 5],
  [0xcb, 0xcb, 9],
  [0xcc, 0xcc, 2],
  [0xcd, 0xcd, 3],
  [0xce, 0xce, 5],
  [0xcf, 0xcf, 9],
  [0xd0, 0xd0, 2],
  [0xd1, 0xd1, 3],
  [0xd2, 0xd2, 5],
  [0xd3, 0xd3, 9],
  [0xd4, 0xd4, 3],
  [0xd5, 0xd5, 4],
  [0xd6, 0xd6, 6],
  [0xd7, 0xd7, 10],
  [0xd8, 0xd8, 18],
  [0xe0, 0xff, 1],
];

for (const [first, last, bytes] of SIZES) SCALAR_SIZES.fill(bytes, first, last + 1);
// A short string's length is in its first byte.
for (let length = 0; length < 32; length++) SCALAR_SIZES[0xa0 + length] = 1 + length;
