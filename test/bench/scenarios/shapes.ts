import type { Comparison } from '../comparison.js';

/** The scenarios, each with what is measured in a process of its own: type feedback would be shared otherwise. */
export const SHAPES = {
  publish: ['nobody listens'],
  lifecycle: [
    'numbers',
    'bigints',
    'strings',
    '4k live',
    '64k live',
    '1M live',
    'memory',
    'memory of ghosts',
    'longest publish',
    'ghost sweep',
  ],
  recording: ['sdk', 'otel', 'prom-client', '10 series', '100 series', 'exponential'],
  tasks: ['fast', '10 sources', '100 sources', 'sdk'],
  trace: ['time given', 'own clock', 'whole task'],
  ingest: ['16 events of one block', 'one event of 16 blocks'],
  replay: ['fast', '10 x the requests', 'sdk'],
  store: ['instrumented', 'instrumented, larger tasks', 'traced'],
  reuse: ['rate 0.1', '8,192 blocks', 'all followed'],
  'start-up': ['prometheus', 'otlp'],
} as const;

/** What the groups are about, for whoever reads the figures. */
export const GROUPS: Readonly<Record<keyof typeof SHAPES, string>> = {
  publish: 'Publishing',
  lifecycle: 'Lifecycle',
  recording: 'Recording',
  tasks: 'A task through two subscribers',
  trace: 'Trace',
  ingest: 'Engines',
  replay: 'Replay',
  store: 'The embedded store',
  reuse: 'Reuse curve',
  'start-up': 'Start-up',
};

type Shapes = typeof SHAPES;
type Measured = Comparison | readonly Comparison[];

/** Measures the shapes named on the command line, or all of them, and prints the figures. */
export async function measure<S extends keyof Shapes>(
  shapes: Readonly<Record<Shapes[S][number], () => Measured | Promise<Measured>>>,
): Promise<void> {
  const named = process.argv.slice(2);
  const results: Comparison[] = [];
  for (const [name, shape] of Object.entries<() => Measured | Promise<Measured>>(shapes)) {
    if (named.length === 0 || named.includes(name)) results.push(...[await shape()].flat());
  }
  console.log(JSON.stringify(results));
}
