import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawSeries } from './prometheus.ts';
import { runProcess } from './running-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const WORDS: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes', 'By/s': '_bytes_per_second' };
const PART = /_(bucket|sum|count|total)$/;

/**
 * The names that OTLP would have given to the metrics of pages, by what the pages say of type and unit: nothing of
 * the project's own translation is used.
 */
export function otlpNames(pages: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const page of pages) {
    const units = new Map([...page.matchAll(/^# UNIT (\S+) (.+)$/gm)].map(([, name, unit]) => [name, unit]));
    for (const [, name = '', type] of page.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      const unit = units.get(name) ?? '';
      // An up-down counter is printed as a gauge, and no metric of ours that goes up and down is in 1.
      const word = type === 'gauge' && unit === '1' ? '_ratio' : (WORDS[unit] ?? '');
      const stem = name.replace(/_total$/, '');
      names.set(stem, stem.endsWith(word) ? stem : stem + word);
    }
  }
  return names;
}

/** The same samples under other names, as the data of a Prometheus that has not started yet. */
export async function refill(
  series: readonly RawSeries[],
  names: ReadonlyMap<string, string>,
  data: string,
): Promise<void> {
  const byName = new Map<string, string[]>();
  for (const { metric, values } of series) {
    const { __name__: name = '', ...labels } = metric;
    const part = names.has(name) ? '' : (PART.exec(name)?.[0] ?? '');
    const stem = name.slice(0, name.length - part.length);
    const renamed = names.get(stem);
    if (renamed === undefined) throw new Error(`${name} is on no page`);
    const text = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
    const lines = values.map(([time, value]) => `${renamed}${part}{${text.join(',')}} ${value} ${time}`);
    byName.set(renamed + part, [...(byName.get(renamed + part) ?? []), ...lines]);
  }
  const folder = await temporaryFolder();
  try {
    const file = join(folder.path, 'samples');
    // Of no type: the reader would want a histogram's parts side by side, and Prometheus keeps no type anyway.
    const text = [...byName].map(([name, lines]) => `# TYPE ${name} unknown\n${lines.join('\n')}\n`);
    await writeFile(file, `${text.join('')}# EOF\n`);
    const args = ['tsdb', 'create-blocks-from', 'openmetrics', file, data];
    const { code, stderr } = await runProcess('promtool', args, { withinMs: 60_000 });
    if (code !== 0) throw new Error(`promtool: ${stderr}`);
  } finally {
    await folder.remove();
  }
}
