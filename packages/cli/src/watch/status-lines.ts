import { TIERS } from '@kvscope/core';
import { formatCount, formatSeconds } from '@kvscope/report/figures';
import { table } from '../table.js';
import type { PublisherStatus, SourceStatus, WatchStatus } from './status.js';

/** Publishers that a terminal shows one by one. */
const MAX_ROWS = 16;
/** A publisher's topic is its own choice, and may hold what a terminal would obey. */
const CONTROL = /\p{Cc}/gu;
const HEAD = ['', 'state', 'events/s', 'lag', 'missed', 'dropped', 'errors'];

/** The status as a person reads it: a row for each publisher, and what is resident. */
export function statusLines(status: WatchStatus): string[] {
  const rows = status.sources.flatMap(rowsOf);
  const hidden = rows.length - MAX_ROWS;
  return [
    ...table(HEAD, rows.slice(0, MAX_ROWS)).split('\n'),
    ...(hidden > 0 ? [`... and ${hidden} more`] : []),
    `resident  ${TIERS.map((tier) => `${tier} ${blocks(status.resident[tier])}`).join('  ')}`,
  ];
}

function rowsOf({ name, state, publishers }: SourceStatus): string[][] {
  if (publishers.length === 0) return [[name, 'waiting', '-', '-', '-', '-', '-']];
  const ranked = publishers.length > 1;
  return publishers.map((publisher) => {
    const label = ranked ? `${publisher.publisher} rank ${publisher.rank}` : publisher.publisher;
    return [
      label.replace(CONTROL, '\ufffd'),
      state === 'ended' ? 'ended' : stateOf(publisher),
      ...figures(publisher),
    ];
  });
}

function stateOf({ connected }: PublisherStatus): string {
  return connected ? 'connected' : 'waiting';
}

function figures({ eventsPerSecond, lag, missed, dropped, errors }: PublisherStatus): string[] {
  return [
    formatCount(eventsPerSecond),
    lag === null ? '-' : `${lag < 0 ? '-' : ''}${formatSeconds(Math.abs(lag))}`,
    ...[missed, dropped, errors].map(formatCount),
  ];
}

function blocks(count: number | null): string {
  return count === null ? '-' : formatCount(count);
}
