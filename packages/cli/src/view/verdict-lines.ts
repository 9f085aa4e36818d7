import { type Party, type Verdict, type ViewState, verdictOf } from '@kvscope/trace/viewer';
import { formatSeconds } from '../format.js';
import { apportion, countCell, shareCell } from './cells.js';
import { type Line, plain } from './line.js';

const BAR_COLUMNS = 80;
/** Rows of the cause tree: the five stages of the host, and the writes of one tier. */
const CAUSES = 6;
const PARTIES: readonly Party[] = ['backpressure', 'lower tier', 'host'];
/** Told apart without colour. */
const CELLS: Readonly<Record<Party, string>> = { backpressure: '▒', 'lower tier': '█', host: '░' };
const MEANINGS: Readonly<Record<Party, string>> = {
  backpressure: 'tasks wait in the queue',
  'lower tier': 'loads wait for the tier below',
  host: 'dispatch, copies and hand-offs take the time',
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
  const parts = PARTIES.map(
    (party, i) => `${CELLS[party]} ${party} ${((tenths[i] as number) / 10).toFixed(1)} %`,
  );
  const cells = apportion(shares, Math.min(BAR_COLUMNS, width));
  const bar = PARTIES.map((party, i) => CELLS[party].repeat(cells[i] as number)).join('');
  const of = `of ${formatSeconds(verdict.sum / 1000)} in ${countCell(verdict.count, view.state?.sampled)} tasks`;
  return [
    [{ text: 'VERDICT ', style: 'title' }, { text: ` ${parts.join('   ')}   ` }, { text: of, style: 'dim' }],
    plain(bar),
    ...causeLines(verdict),
  ];
}

function causeLines({ largest, shares, causes }: Verdict): Line[] {
  const head: Line = [
    { text: `${largest} ${shareCell(shares[largest])}`, style: 'title' },
    { text: `: ${MEANINGS[largest]}` },
  ];
  const shown = causes.slice(0, CAUSES);
  const lines = shown.map(({ title, share, detail }, i): Line => {
    const branch = i === shown.length - 1 ? '└─' : '├─';
    const part = share === undefined ? '' : shareCell(share);
    return [{ text: `${branch} ${(share === undefined ? `  ${title}` : title).padEnd(25)}${part.padStart(8)}   ` }, { text: detail, style: 'dim' }];
  });
  return [head, ...lines, ...emptyLines(CAUSES - lines.length)];
}

function emptyLines(count: number): Line[] {
  return Array.from({ length: count }, () => plain(''));
}
