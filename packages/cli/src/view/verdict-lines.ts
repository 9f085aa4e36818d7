import { formatSeconds } from '@kvscope/report/figures';
import { type Party, type Verdict, type ViewState, verdictOf } from '@kvscope/trace/viewer';
import { apportion, countCell, shareCell } from './cells.js';
import { type Line, plain } from './line.js';

const BAR_COLUMNS = 80;
/** Rows of the cause tree: the five stages of the host, and the writes of one tier. */
const CAUSES = 6;
const PARTIES: readonly Party[] = ['backpressure', 'lower tier', 'host'];
/** Told apart without colour. */
const CELLS: Readonly<Record<Party, string>> = { backpressure: '▒', 'lower tier': '█', host: '░' };
const SHORT: Readonly<Record<Party, string>> = { backpressure: 'queue', 'lower tier': 'tier', host: 'host' };
/** Columns from which the parties have their full names. */
const ROOMY = 72;
const MEANINGS: Readonly<Record<Party, string>> = {
  backpressure: 'tasks wait in the queue',
  'lower tier': 'loads wait',
  host: 'dispatch, copy and hand-off',
};

/** Who the end-to-end time of tasks goes to, and what of it is largest. */
export function verdictLines(view: ViewState, width: number): Line[] {
  const verdict = view.state && verdictOf(view.state);
  if (verdict === undefined) {
    const why = 'none: no task with all its marks has succeeded';
    return [
      [
        { text: 'VERDICT ', style: 'title' },
        { text: why, style: 'dim' },
      ],
      ...emptyLines(CAUSES + 2),
    ];
  }
  const shares = PARTIES.map((party) => verdict.shares[party]);
  const tenths = apportion(shares, 1000);
  const cells = apportion(shares, Math.min(BAR_COLUMNS, width));
  const bar = PARTIES.map((party, i) => CELLS[party].repeat(cells[i] as number)).join('');
  return [
    [{ text: 'VERDICT ', style: 'title' }, ...plain(partition(tenths, width))],
    plain(bar),
    ...causeLines(
      verdict,
      `${formatSeconds(verdict.sum / 1000)} in ${countCell(verdict.count, view.state?.sampled)} tasks`,
    ),
  ];
}

function partition(tenths: readonly number[], width: number): string {
  const share = (i: number) => ((tenths[i] as number) / 10).toFixed(1);
  if (width < ROOMY)
    return `${PARTIES.map((party, i) => `${CELLS[party]} ${SHORT[party]} ${share(i)}`).join(' ')} %`;
  return PARTIES.map((party, i) => ` ${CELLS[party]} ${party} ${share(i)} %  `).join('');
}

/** @param whole what the shares are of */
function causeLines({ largest, shares, causes }: Verdict, whole: string): Line[] {
  const head: Line = [
    { text: `${largest} ${shareCell(shares[largest])}`, style: 'title' },
    { text: ` of ${whole}: ${MEANINGS[largest]}` },
  ];
  const shown = causes.slice(0, CAUSES);
  const lines = shown.map(({ title, share, detail }, i): Line => {
    const branch = i === shown.length - 1 ? '└─' : '├─';
    const part = share === undefined ? '' : shareCell(share);
    const name = share === undefined ? `  ${title}` : title;
    return [{ text: `${branch} ${name.padEnd(22)}${part.padStart(8)}   ` }, { text: detail, style: 'dim' }];
  });
  return [head, ...lines, ...emptyLines(CAUSES - lines.length)];
}

function emptyLines(count: number): Line[] {
  return Array.from({ length: count }, () => plain(''));
}
