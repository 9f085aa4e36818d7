type Terminal = Pick<NodeJS.WriteStream, 'isTTY' | 'write' | 'columns'>;

/** Lines on a terminal that are drawn over again; nothing of them reaches a pipe. */
export interface StatusDisplay {
  show(lines: readonly string[]): void;
  /** Wipes them. */
  end(): void;
}

/** @param hidden whether something else holds the terminal */
export function createStatusDisplay(terminal: Terminal = process.stderr, hidden = false): StatusDisplay {
  if (hidden || !terminal.isTTY) return { show: () => undefined, end: () => undefined };
  let drawn = 0;
  const wipe = (): void => {
    if (drawn > 0) terminal.write(`\x1b[${drawn}A\r\x1b[J`);
    drawn = 0;
  };
  return {
    show(lines) {
      wipe();
      // A line that wraps would be two, and wiping would leave one of them.
      const width = (terminal.columns || 80) - 1;
      terminal.write(lines.map((line) => `${line.slice(0, width)}\n`).join(''));
      drawn = lines.length;
    },
    end: wipe,
  };
}
