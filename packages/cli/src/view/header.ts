import { formatBytes, formatSeconds } from '@kvscope/report/figures';
import type { ViewState } from '@kvscope/trace/viewer';
import { countCell } from './cells.js';
import { type Line, plain, type Style } from './line.js';

const STATUS_STYLES: Readonly<Record<ViewState['status'], Style>> = {
  WAITING: 'dim',
  LIVE: 'title',
  BACKPRESSURE: 'critical',
  TAIL: 'warn',
  DONE: 'title',
};

/** What is looked at, how it is, how much of it there is, and what of it is not here. */
export function headerLines(view: ViewState): Line[] {
  const { state, status, subject, frozen, note } = view;
  const name = state?.window.name ? `   window ${state.window.name}` : '';
  const first: Line = [
    { text: 'kvscope ', style: 'title' },
    { text: subject },
    { text: frozen ? '  [frozen]' : '', style: 'warn' },
    { text: note === '' ? '' : `  ${note}`, style: 'dim' },
  ];
  const end = state?.window.endTime ?? state?.time ?? 0;
  const up = state === undefined ? '-' : formatSeconds(Math.max(0, end - state.window.startTime) / 1000);
  const second: Line = [
    { text: status.padEnd(13), style: STATUS_STYLES[status] },
    { text: `up ${up.padEnd(9)}${sampling(view)}${name}` },
  ];
  return [first, second, plain(counts(view)), plain(rates(view))];
}

function sampling({ state }: ViewState): string {
  if (state === undefined || !state.sampled) return 'every event';
  return `sampled, 1 of ${2 ** state.shift} now: ~ figures are scaled`;
}

function counts({ state }: ViewState): string {
  const sum = (of: 'dropped' | 'skipped') =>
    (state?.producers ?? []).reduce((all, producer) => all + producer[of], 0);
  const events = countCell(state?.events ?? 0, state?.sampled);
  const odd = state && [
    [state.negative, 'below zero'],
    [state.malformed, 'malformed'],
    [state.outside, 'outside the window'],
    [state.layers.orphans, 'orphans'],
  ];
  const told = (odd ?? []).flatMap(([count, what]) =>
    (count as number) > 0 ? [`${countCell(count as number)} ${what}`] : [],
  );
  const counted = [
    `events ${events}`,
    `dropped ${countCell(sum('dropped'))}`,
    `not sampled ${countCell(sum('skipped'))}`,
  ];
  return [...counted, ...told].map((part) => part.padEnd(20)).join('');
}

function rates({ rates, frozen }: ViewState): string {
  const per = (value: number | undefined) => (value === undefined ? '-' : countCell(value));
  const bytes = (value: number | undefined) => (value === undefined ? '-' : `${formatBytes(value)}/s`);
  const parts = [
    `blocks/s ${per(rates?.blocks)}`,
    `lookups/s ${per(rates?.lookups)}`,
    `load ${bytes(rates?.loaded)}`,
    `dump ${bytes(rates?.dumped)}`,
  ];
  return parts.map((part) => part.padEnd(20)).join('') + (frozen ? '(mean)' : '');
}
