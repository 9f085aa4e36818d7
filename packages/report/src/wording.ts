import type { Condition } from '@kvscope/dashboards';
import type { Labels } from './answers.js';
import { formatSeconds } from './format.js';

/** A figure of a condition with its unit. */
export function figureText(value: number, unit: Condition['unit']): string {
  if (unit === 's') return formatSeconds(value);
  const number = String(Number(value.toPrecision(3)));
  return unit === 'ratio' ? number : `${number} ${unit === 'block/s' ? 'blocks/s' : 'a second'}`;
}

/** Labels as a person reads them. */
export function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name.replace(/^kv_cache_/, '')} ${value}`)
    .join(', ');
}

/** A text of the documentation without its marks; links as what they say. */
export function plainText(text: string): string {
  return text.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
