import { type BlockFiles, nodeBlockFiles } from '../src/index.ts';

type Call = Exclude<keyof BlockFiles, 'list'>;
/** What goes wrong: an error code, a read that ends early, or a read that gives other bytes. */
export type Fault = 'ENOSPC' | 'EACCES' | 'EIO' | 'EROFS' | 'ENOENT' | 'short' | 'flip';

interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

/** The real file system, where a test decides what fails and what waits. */
export class FaultyFiles implements BlockFiles {
  readonly #faults: Record<Call, Fault[]> = { read: [], write: [], rename: [], remove: [] };
  readonly #gates = new Map<Call, Gate>();
  readonly #arrivals: (() => void)[] = [];
  readonly calls: Record<Call, number> = { read: 0, write: 0, rename: 0, remove: 0 };
  /** Calls under way, and the most that ever were. */
  running = 0;
  mostRunning = 0;

  /** The next call of this kind that no earlier fault hits fails so. */
  failNext(call: Call, fault: Fault): void {
    this.#faults[call].push(fault);
  }

  /** Calls of this kind wait until the returned function is called. */
  hold(call: Call): () => void {
    let open = (): void => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#gates.set(call, { opened, open });
    return () => {
      this.#gates.delete(call);
      open();
    };
  }

  /** Resolves as soon as the condition holds; looked at when a call arrives. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#arrivals.push(resolve));
  }

  readonly list: BlockFiles['list'] = (directory) => nodeBlockFiles.list(directory);

  read(path: string, target: Uint8Array, position: number): Promise<number> {
    return this.#run('read', async (fault) => {
      const part = fault === 'short' ? target.subarray(0, target.length >> 1) : target;
      const bytes = await nodeBlockFiles.read(path, part, position);
      if (fault === 'flip') target[target.length - 7] = (target[target.length - 7] as number) ^ 1;
      return bytes;
    });
  }

  write(path: string, content: Uint8Array, durable: boolean): Promise<void> {
    return this.#run('write', async (fault) => {
      if (fault === undefined) return nodeBlockFiles.write(path, content, durable);
      // A disk that fills up keeps what it had taken by then.
      await nodeBlockFiles.write(path, content.subarray(0, content.length >> 1), durable);
      throw systemError(fault, path);
    });
  }

  rename(from: string, to: string, durable: boolean): Promise<void> {
    return this.#run('rename', () => nodeBlockFiles.rename(from, to, durable));
  }

  remove(path: string): Promise<void> {
    return this.#run('remove', () => nodeBlockFiles.remove(path));
  }

  async #run<T>(call: Call, work: (fault: Fault | undefined) => Promise<T>): Promise<T> {
    this.calls[call]++;
    this.running++;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    for (const arrived of this.#arrivals.splice(0)) arrived();
    try {
      await this.#gates.get(call)?.opened;
      const fault = this.#faults[call].shift();
      const handled = call === 'write' || fault === undefined || fault === 'short' || fault === 'flip';
      if (!handled) throw systemError(fault, call);
      return await work(fault);
    } finally {
      this.running--;
    }
  }
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: injected, ${path}`), { code });
}
