import { formatCount } from '@kvscope/report/figures';

const REDRAW_MS = 100;
const BAR_CELLS = 30;

/** A line on a terminal that shows how far a piece of work is; nothing of it reaches a pipe. */
export interface Progress {
  /** @param done part of the whole, 0 to 1; undefined when the whole is not known */
  update(done: number | undefined, items: number): void;
  /** Wipes the line. */
  end(): void;
}

type Terminal = Pick<NodeJS.WriteStream, 'isTTY' | 'write' | 'columns'>;

/** @param hidden whether something else shows how far it is */
export function createProgress(unit: string, terminal: Terminal = process.stderr, hidden = false): Progress {
  if (hidden || !terminal.isTTY) return { update: () => undefined, end: () => undefined };
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    update(done, items) {
      const now = performance.now();
      if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      terminal.write(`\r\x1b[K${progressLine(done, items, unit).slice(0, (terminal.columns || 80) - 1)}`);
    },
    end: () => void terminal.write('\r\x1b[K'),
  };
}

export function progressLine(done: number | undefined, items: number, unit: string): string {
  const count = `${formatCount(items)} ${unit}`;
  if (done === undefined) return count;
  const share = Math.min(1, Math.max(0, done));
  const full = Math.round(share * BAR_CELLS);
  const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}`;
  return `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${count}`;
}
