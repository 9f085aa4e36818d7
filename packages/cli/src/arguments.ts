import { InvalidArgumentError } from 'commander';

/** Parsers for option values; each refuses with a sentence that names what is allowed. */

const NUMBER = /^\d+(\.\d*)?(e[+-]?\d+)?$|^\.\d+(e[+-]?\d+)?$/i;

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Allowed: a whole number from ${least} to ${most}.`);
  };
}

export function numberFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = NUMBER.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Allowed: a number from ${least} to ${most}.`);
  };
}

export function positiveNumber(most: number): (text: string) => number {
  return (text) => {
    const value = NUMBER.test(text) ? Number(text) : Number.NaN;
    if (value > 0 && value <= most) return value;
    throw new InvalidArgumentError(`Allowed: a number above 0 and at most ${most}.`);
  };
}

export function oneOf(values: readonly number[]): (text: string) => number {
  return (text) => {
    const value = NUMBER.test(text) ? Number(text) : Number.NaN;
    if (values.includes(value)) return value;
    throw new InvalidArgumentError(`Allowed: ${values.join(', ')}.`);
  };
}

export function someOf(names: readonly string[]): (text: string) => string[] {
  return (text) => {
    const chosen = text.split(',').map((name) => name.trim());
    const unknown = chosen.find((name) => !names.includes(name));
    if (unknown === undefined) return [...new Set(chosen)];
    throw new InvalidArgumentError(
      `'${unknown}' is not known. Allowed, separated by commas: ${names.join(', ')}.`,
    );
  };
}

export interface Address {
  readonly host?: string;
  readonly port: number;
}

/** `PORT` or `HOST:PORT`, an IPv6 host in brackets. */
export function address(text: string): Address {
  const [, bracketed, plain, digits = ''] = /^(?:(?:\[([^\]]+)\]|([^:]+)):)?(\d+)$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (digits === '' || Number(digits) > 65_535) {
    throw new InvalidArgumentError('Allowed: PORT or HOST:PORT, with a port from 0 (any free one) to 65535.');
  }
  return { ...(host !== undefined && { host }), port: Number(digits) };
}

/** An http or https URL. @param example one that could stand there */
export function httpUrl(example: string): (text: string) => string {
  return (text) => {
    const url = URL.parse(text);
    if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
    throw new InvalidArgumentError(`Allowed: an http or https URL, such as ${example}.`);
  };
}
