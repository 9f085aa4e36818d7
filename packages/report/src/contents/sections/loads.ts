import type { BarsPanel } from '../../page/report-data.js';
import { formatValue } from '../../page/units.js';
import type { Asking } from '../asking.js';
import { knownPanel, queryOf } from '../known-panel.js';
import { figure, type MakeSection, panelsOf, withPanels } from '../section.js';
import { meets, signatureOf } from '../states.js';

const LOAD = knownPanel('store', 'Load duration (per task)');
const DUMP = knownPanel('store', 'Dump duration (per task)');
/** In the order in which a task goes through them; they add up to its duration. */
const STAGES = [
  ['queue', 'Queue (per task)'],
  ['dispatch', 'Dispatch (per task)'],
  ['wait for the lower tier', 'Wait for the lower tier (per task)'],
  ['copy', 'Copy (per task)'],
  ['hand-off', 'Hand-off (per task)'],
] as const;
const OPERATION = 'kv_cache.operation.name';
const [SLOW_LOAD] = signatureOf('slow-loads');

export const loads: MakeSection = async (asking) => {
  const mean = await asking.one(queryOf(LOAD, 'average'));
  const stages = await stageBars(asking);
  const slow = mean !== null && SLOW_LOAD !== undefined && meets(SLOW_LOAD, mean);
  const state = mean === null ? 'unknown' : slow ? 'bad' : 'plain';
  return {
    id: 'loads',
    question: "Where does a load's time go?",
    verdict: {
      state,
      text: verdict(
        mean,
        stages?.bars.find(({ name }) => name === 'load'),
      ),
    },
    figures: [
      figure('mean load', mean, 's', state),
      figure('p99 of loads', await asking.one(queryOf(LOAD, 'p99')), 's'),
      figure('mean dump', await asking.one(queryOf(DUMP, 'average')), 's'),
      figure('p99 of dumps', await asking.one(queryOf(DUMP, 'p99')), 's'),
    ],
    ...withPanels(
      [stages],
      await panelsOf(asking, [
        LOAD,
        DUMP,
        knownPanel('store', 'Load duration'),
        knownPanel('store', 'Dump duration'),
        knownPanel('store', 'IO duration (per io)'),
        knownPanel('store', 'IO bandwidth (aggregated)'),
        knownPanel('store', 'Reads'),
        knownPanel('store', 'Writes'),
        knownPanel('overview', 'Failures'),
      ]),
    ),
  };
};

/** What a task spends in each stage on average. */
async function stageBars(asking: Asking): Promise<BarsPanel | undefined> {
  const bars = new Map<string, { readonly name: string; readonly value: number }[]>();
  for (const [name, title] of STAGES) {
    for (const [operation, value] of await asking.by(
      queryOf(knownPanel('store', title), 'average'),
      OPERATION,
    )) {
      const parts = bars.get(operation) ?? [];
      parts.push({ name, value });
      bars.set(operation, parts);
    }
  }
  if (bars.size === 0) return undefined;
  return {
    kind: 'bars',
    id: 'stages',
    title: 'Stages of a task',
    description:
      'The mean of each stage of loads and of dumps, one after the other; they add up to the mean of the task. A dump ends when the lower tier took it over: the write comes later.',
    unit: 's',
    wide: true,
    bars: [...bars].sort(([a], [b]) => (a < b ? 1 : -1)).map(([name, parts]) => ({ name, parts })),
  };
}

function verdict(mean: number | null, load: BarsPanel['bars'][number] | undefined): string {
  if (mean === null)
    return 'No load was measured in this time. Only a store that publishes its tasks tells of them.';
  const text = `A load takes ${formatValue(mean, 's')} on average`;
  const parts = load?.parts ?? [];
  const all = parts.reduce((sum, { value }) => sum + value, 0);
  const [largest] = [...parts].sort((a, b) => b.value - a.value);
  if (largest === undefined || all === 0) return `${text}.`;
  return `${text}, most of it in the stage "${largest.name}": ${formatValue(largest.value / all, 'percentunit')}.`;
}
