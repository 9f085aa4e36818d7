import type { Page } from '@kvscope/register/exporters';
import type { SourceStates } from './source-state.js';
import type { WatchedSource } from './watched-source.js';

/**
 * `/healthz`: the process runs. `/readyz`: each source is connected, or was read to its end.
 * @param names of all sources that there will be
 * @param opened those that are open by now
 */
export function healthPages(
  names: readonly string[],
  opened: readonly WatchedSource[],
  states: SourceStates,
): Readonly<Record<string, () => Page>> {
  return {
    '/healthz': () => ({ status: 200, text: 'ok' }),
    '/readyz': () => {
      const ready = new Set(
        opened.filter((source) => states.of(source) !== 'waiting').map(({ name }) => name),
      );
      const missing = names.filter((name) => !ready.has(name));
      if (missing.length === 0) return { status: 200, text: 'ok' };
      return { status: 503, text: missing.map((name) => `not connected: ${name}`).join('\n') };
    },
  };
}
