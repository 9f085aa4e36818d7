import { TIERS } from '@kvscope/core';
import type { IntervalSnapshot, TransferTotals } from './snapshot.js';

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'];

/** A snapshot as one line: what happened in the last `seconds`, and nothing of what did not. */
export function formatSnapshot(snapshot: IntervalSnapshot, seconds: number): string {
  const parts = [...transferParts(snapshot), ...hitParts(snapshot), ...stallParts(snapshot)];
  return `KV cache, last ${seconds} s: ${parts.join('; ')}`;
}

function transferParts({ transfers }: IntervalSnapshot): string[] {
  return TIERS.flatMap((from) =>
    TIERS.map((to) => [`${from}->${to}`, transfers[from][to]] as const)
      .filter(([, totals]) => totals.transfers > 0)
      .map(([pair, totals]) => `${pair} ${transferText(totals)}`),
  );
}

function transferText({ transfers, failed, blocks, bytes, seconds }: TransferTotals): string {
  const rate = seconds > 0 ? ` (${bytesText(bytes / seconds)}/s)` : '';
  const failures = failed > 0 ? `, ${failed} failed` : '';
  return `${counted(transfers, 'transfer')}, ${counted(blocks, 'block')}, ${bytesText(bytes)} in ${secondsText(seconds)}${rate}${failures}`;
}

function hitParts({ lookups }: IntervalSnapshot): string[] {
  const asked = TIERS.filter((tier) => lookups[tier].asked > 0);
  if (asked.length === 0) return [];
  return [
    `hits ${asked.map((tier) => `${tier} ${lookups[tier].hits} of ${lookups[tier].asked}`).join(', ')}`,
  ];
}

function stallParts({ stalls: { stalls, seconds } }: IntervalSnapshot): string[] {
  return stalls > 0 ? [`${counted(stalls, 'stall')}, ${secondsText(seconds)}`] : [];
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function secondsText(seconds: number): string {
  return `${Number(seconds.toPrecision(3))} s`;
}

/** Three figures with a decimal prefix: 1 GB is 1e9 bytes, as in the metrics' bandwidths. */
function bytesText(bytes: number): string {
  let scaled = bytes;
  let prefix = 0;
  while (Number(scaled.toPrecision(3)) >= 1000 && prefix < PREFIXES.length - 1) {
    scaled /= 1000;
    prefix++;
  }
  return `${Number(scaled.toPrecision(3))} ${PREFIXES[prefix]}B`;
}
