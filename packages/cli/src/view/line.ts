/** How a piece of a line looks where there is colour. */
export type Style = 'title' | 'dim' | 'warn' | 'critical';

export interface Span {
  readonly text: string;
  readonly style?: Style;
}

export type Line = readonly Span[];

/** Colours that both light and dark terminals show well; heat has a mark in the text too. */
const CODES: Readonly<Record<Style, string>> = { title: '1', dim: '2', warn: '33', critical: '1;31' };

export function plain(text: string): Line {
  return [{ text }];
}

export function title(text: string, rest = ''): Line {
  return [
    { text, style: 'title' },
    { text: rest, style: 'dim' },
  ];
}

/** A line as a terminal takes it: never wider than `columns`, without blanks at its end. */
export function paint(line: Line, columns: number, color: boolean): string {
  let left = columns;
  let painted = '';
  const spans = trimmed(line);
  for (const { text, style } of spans) {
    const characters = [...text].slice(0, left);
    left -= characters.length;
    const piece = characters.join('');
    painted += color && style !== undefined && piece !== '' ? `\x1b[${CODES[style]}m${piece}\x1b[0m` : piece;
  }
  return color ? painted : painted.trimEnd();
}

function trimmed(line: Line): Line {
  const last = line.at(-1);
  if (last === undefined) return line;
  const text = last.text.trimEnd();
  return text === '' ? trimmed(line.slice(0, -1)) : [...line.slice(0, -1), { ...last, text }];
}
