import type { Sample } from './prometheus.ts';

/** The samples of one name on a page in the Prometheus text format. */
export function samplesOf(name: string, page: string): readonly Sample[] {
  return page.split('\n').flatMap((line) => {
    const [, found, labels = '', value] = /^([\w:]+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (found !== name) return [];
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text]);
    return [{ labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }];
  });
}
