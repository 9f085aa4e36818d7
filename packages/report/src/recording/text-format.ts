import type { Labels } from '../answers.js';
import { type SeriesNames, schemeOf, seriesNames } from './names.js';
import type { ScrapedValue } from './scrape-recording.js';

/** More than any page of one process has. */
const MOST_SAMPLES = 500_000;
const LONGEST_LINE = 65_536;
const MOST_LABELS = 64;

const NAME = /[A-Za-z_:][\w:]*/y;
/** A label and its value, which may have escaped characters; then a comma or the end of the labels. */
const LABEL = /[ \t]*([A-Za-z_]\w*)[ \t]*=[ \t]*"((?:[^"\\\n]|\\.)*)"[ \t]*(,|\})/y;
const END = /[ \t]*\}/y;
/** A value and perhaps a time, and in OpenMetrics an exemplar. */
const VALUE = /[ \t]+([^ \t#]+)(?:[ \t]+-?\d+(?:\.\d+)?)?[ \t]*(?:#.*)?$/y;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * The values of our metrics on a page in Prometheus's text format (0.0.4, or OpenMetrics), whichever scheme they are
 * named by. Lines of other metrics are passed over once they read as samples.
 * @throws Error that names the first line that is not in the format, or what there is too much of
 */
export function parsePage(page: string): readonly ScrapedValue[] {
  const lines = page.split('\n');
  if (lines.length > MOST_SAMPLES) {
    throw new Error(`the page has ${lines.length} lines; allowed: at most ${MOST_SAMPLES}`);
  }
  const samples = lines.flatMap((text, i): TextSample[] => {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    return line.trim() === '' || line.startsWith('#') ? [] : [parseLine(line, i + 1)];
  });
  const names = seriesNames(schemeOf(samples.map(({ name }) => name)) ?? 'prometheus');
  return samples.flatMap((sample) => scrapedValue(sample, names));
}

interface TextSample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

function parseLine(line: string, number: number): TextSample {
  const fail = (what: string): never => {
    throw new Error(`line ${number} is not in Prometheus's text format (${what}): ${line.slice(0, 80)}`);
  };
  if (line.length > LONGEST_LINE) fail(`${line.length} characters, allowed: ${LONGEST_LINE}`);
  const name = match(NAME, line, 0)?.[0] ?? fail('no name');
  let at = name.length;
  const labels: [string, string][] = [];
  if (line[at] === '{') {
    at++;
    let closed = false;
    while (!closed) {
      // A comma may stand after the last label.
      const end = match(END, line, at);
      const [whole, label, text = '', after] = end ?? match(LABEL, line, at) ?? fail('labels');
      at += whole.length;
      closed = end !== null || after === '}';
      if (label !== undefined && labels.push([label, unescaped(text)]) > MOST_LABELS) {
        fail(`more than ${MOST_LABELS} labels`);
      }
    }
  }
  const value = numberOf(match(VALUE, line, at)?.[1] ?? fail('no value'));
  if (value === undefined) return fail('the value is no number');
  return { name, labels: Object.fromEntries(labels), value };
}

function match(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(line);
}

function unescaped(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c)) : text;
}

function numberOf(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  const special = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text);
  if (special === null) return undefined;
  if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function scrapedValue({ name, labels, value }: TextSample, names: SeriesNames): readonly ScrapedValue[] {
  const named = names.get(name);
  if (named === undefined) return [];
  if (named.part !== 'bucket') return [{ ...named, labels, value }];
  const { le = '', ...others } = labels;
  const bound = numberOf(le);
  return bound === undefined || Number.isNaN(bound) ? [] : [{ ...named, bound, labels: others, value }];
}
