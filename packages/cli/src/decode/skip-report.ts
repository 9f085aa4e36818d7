import type { SourceErrorKind } from '@kvscope/core';
import { formatCount } from '@kvscope/report/figures';

/** How many lines are written about what was skipped; the rest is counted. */
const MAX_SHOWN = 100;

const REASONS: Readonly<Record<SourceErrorKind, string>> = {
  frames: 'a message is not three frames',
  oversized: 'a payload is larger than allowed',
  truncated: 'a payload ends too early',
  invalid: 'a payload is not of this format',
  too_deep: 'a payload is nested deeper than allowed',
  too_many_events: 'a batch has more events than allowed',
  too_many_sources: 'there are more publishers than allowed',
  unknown_event: 'an event of a kind that is not known',
  unknown_medium: 'an event on a medium that is not known',
  malformed_event: 'an event whose fields are not those of its kind',
  too_many_hashes: 'an event has more blocks than allowed',
};

/** Says on standard error what was skipped and why, in a bounded number of lines. */
export function skipReport(stream: Pick<NodeJS.WriteStream, 'write'> = process.stderr) {
  let lines = 0;
  let skipped = 0;
  return {
    get skipped(): number {
      return skipped;
    },
    add(name: string, reason: SourceErrorKind, count: number): void {
      skipped += count;
      lines++;
      const times = count > 1 ? `, ${formatCount(count)} times` : '';
      if (lines <= MAX_SHOWN) stream.write(`${name}: skipped (${reason}): ${REASONS[reason]}${times}\n`);
    },
    end(): void {
      const hidden = lines - MAX_SHOWN;
      if (hidden > 0) stream.write(`... and ${formatCount(hidden)} more lines like these\n`);
    },
  };
}
