import { formatCount } from '@kvscope/report/figures';
import type { MalformedLine } from '@kvscope/sources';

/** How many malformed lines are shown one by one; the rest are counted. */
const MAX_SHOWN = 100;

/** Reports malformed lines on standard error, in a bounded number of lines. */
export function malformedReport(stream: Pick<NodeJS.WriteStream, 'write'> = process.stderr) {
  let count = 0;
  return {
    add({ file, line, reason }: MalformedLine): void {
      count++;
      if (count <= MAX_SHOWN) stream.write(`${file}:${line}: ${reason}\n`);
    },
    end(): void {
      const hidden = count - MAX_SHOWN;
      if (hidden > 0) stream.write(`... and ${formatCount(hidden)} more malformed lines\n`);
    },
  };
}
