/*
 * `Atomics.store` is a call that looks anew, each time, at what it was given: 8 ns, of which the store itself takes two. A
 * WebAssembly function over the same bytes does the same sequentially consistent store and nothing else, and compiled
 * code calls it directly.
 */

const PAGE_BYTES = 65_536;
const HEAD = 0;

/** What a producer writes to. */
export interface RingMemory {
  /** Zeroes, at least as many bytes as were asked for. */
  readonly buffer: SharedArrayBuffer;
  /** `Atomics.store` of the first word: whoever loads it atomically sees all that was stored before. */
  readonly storeHead: (head: number) => void;
}

/** The part of the WebAssembly API that is used here; of the libraries of types only the browser's has it. */
export interface WebAssemblyApi {
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => { readonly buffer: SharedArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly store: (value: number) => void } };
}

interface Global {
  readonly WebAssembly?: WebAssemblyApi;
}

/** Undefined where node runs without it, as with `--jitless`. */
export const { WebAssembly: webAssembly } = globalThis as unknown as Global;

/** @param bytes a multiple of 4, at most 1 GiB */
export function ringMemory(bytes: number, api: WebAssemblyApi | undefined): RingMemory {
  return (api && compiledMemory(bytes, api)) ?? plainMemory(bytes);
}

function plainMemory(bytes: number): RingMemory {
  const buffer = new SharedArrayBuffer(bytes);
  const ints = new Int32Array(buffer);
  return { buffer, storeHead: (head) => void Atomics.store(ints, HEAD, head) };
}

/** @returns undefined where addresses are scarce: a memory reserves 10 GiB of them, whatever it uses */
function compiledMemory(bytes: number, api: WebAssemblyApi): RingMemory | undefined {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  try {
    const memory = new api.Memory({ initial: pages, maximum: pages, shared: true });
    const instance = new api.Instance(new api.Module(storeModule(pages)), { ring: { memory } });
    return { buffer: memory.buffer, storeHead: instance.exports.store };
  } catch {
    return undefined;
  }
}

/**
 *   (module
 *     (import "ring" "memory" (memory PAGES PAGES shared))
 *     (func (export "store") (param i32) (i32.atomic.store (i32.const 0) (local.get 0))))
 */
function storeModule(pages: number): Uint8Array {
  const limit = [(pages & 0x7f) | 0x80, pages >>> 7];
  const sections = [
    // The one type: takes an i32, returns nothing.
    [1, [1, 0x60, 1, 0x7f, 0]],
    [2, [1, ...name('ring'), ...name('memory'), 2, 3, ...limit, ...limit]],
    [3, [1, 0]],
    [7, [1, ...name('store'), 0, 0]],
    [10, [1, 10, 0, 0x41, HEAD * 4, 0x20, 0, 0xfe, 0x17, 2, 0, 0x0b]],
  ] as const;
  const bodies = sections.flatMap(([id, body]) => [id, body.length, ...body]);
  return Uint8Array.from([...Buffer.from('\0asm\x01\0\0\0', 'latin1'), ...bodies]);
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text, 'latin1')];
}
