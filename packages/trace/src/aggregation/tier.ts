import type { IoState, TierState } from '../state.js';
import { Distribution } from './distribution.js';

class Io {
  readonly calls = new Distribution();
  readonly queue = new Distribution();
  bytes = 0;
  errors = 0;

  state(): IoState {
    return { calls: this.calls.state(), queue: this.queue.state(), bytes: this.bytes, errors: this.errors };
  }
}

/** What happened in one tier. */
export class TierFigures {
  lookups = 0;
  asked = 0;
  hits = 0;
  stored = 0;
  evicted = 0;
  accessed = 0;
  readonly read = new Io();
  readonly write = new Io();

  state(resident: number | null, limit: number | null): TierState {
    const { lookups, asked, hits, stored, evicted, accessed } = this;
    const io = { read: this.read.state(), write: this.write.state() };
    return { lookups, asked, hits, stored, evicted, accessed, io, resident, limit };
  }
}
