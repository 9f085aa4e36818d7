import { createWriteStream, type WriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';

/** A file that is written from its beginning. */
export interface OutputFile {
  readonly stream: WriteStream;
  /**
   * Removes what was written. What is no file of its own, such as a device or a pipe, stays, and so does what could
   * not be opened.
   * @returns whether it was removed
   */
  takeBack(): Promise<boolean>;
}

export function createOutputFile(path: string): OutputFile {
  const stream = createWriteStream(path);
  let opened = false;
  stream.once('open', () => {
    opened = true;
  });
  return {
    stream,
    async takeBack() {
      const written = opened ? await stat(path).catch(() => undefined) : undefined;
      if (written?.isFile() !== true) return false;
      await rm(path, { force: true });
      return true;
    },
  };
}
