import { writeSync } from 'node:fs';

/** Alternate screen, home, no cursor; and back. */
const ENTER = '\x1b[?1049h\x1b[H\x1b[?25l';
export const LEAVE = '\x1b[?25h\x1b[?1049l';

type Terminal = Pick<NodeJS.WriteStream, 'write' | 'columns' | 'rows'>;

/** The alternate screen of a terminal, which is given back whatever happens to this process, short of SIGKILL. */
export class Screen {
  readonly #terminal: Terminal;
  readonly #restore: () => void;
  #on = true;

  constructor(terminal: Terminal & { readonly fd: number }) {
    this.#terminal = terminal;
    this.#restore = () => {
      // Written at once: nothing else is once a process ends.
      if (this.#on) writeSync(terminal.fd, LEAVE);
      this.#on = false;
    };
    terminal.write(ENTER);
    process.on('exit', this.#restore);
  }

  get columns(): number {
    return this.#terminal.columns || 80;
  }

  /** Draws over the frame that was there; what is below the terminal's last row is not seen. */
  draw(lines: readonly string[]): void {
    const shown = lines.slice(0, this.#terminal.rows || 24);
    this.#terminal.write(`\x1b[H${shown.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`);
  }

  /** Goes back to the normal screen, and leaves the closing frame on it. */
  close(lines: readonly string[]): void {
    if (!this.#on) return;
    this.#on = false;
    process.off('exit', this.#restore);
    this.#terminal.write(`${LEAVE}${lines.join('\n')}\n`);
  }
}
