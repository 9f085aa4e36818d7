import type { Query } from '@kvscope/dashboards';
import type { State, TablePanel } from '../../page/report-data.js';
import { formatValue } from '../../page/units.js';
import type { Asking } from '../asking.js';
import { knownPanel, queryOf } from '../known-panel.js';
import { figure, type MakeSection, panelsOf, withPanels } from '../section.js';

/** What goes wrong with figures: the state of any amount of it, and the query that counts it. */
interface Loss {
  readonly name: string;
  readonly state: State;
  readonly query: Query;
}

const LOST = knownPanel('health', 'Batches lost');
const INTERRUPTIONS = knownPanel('health', 'Interruptions');
const SAMPLING = knownPanel('health', 'Sampling rate');
const EVENTS = knownPanel('health', 'Events on the bus');

const LOSSES: readonly Loss[] = [
  {
    name: 'failures of subscribers',
    state: 'bad',
    query: queryOf(knownPanel('health', 'Subscriber errors')),
  },
  { name: 'batches of engines missed', state: 'bad', query: queryOf(LOST, 'missed') },
  { name: 'batches of engines dropped', state: 'bad', query: queryOf(LOST, 'dropped') },
  { name: 'messages not understood', state: 'bad', query: queryOf(knownPanel('health', 'Decode errors')) },
  {
    name: 'blocks of engines not followed',
    state: 'fair',
    query: queryOf(knownPanel('health', 'Blocks not followed')),
  },
  { name: 'connections that came back', state: 'fair', query: queryOf(INTERRUPTIONS, 'reconnects') },
  { name: 'engines that began anew', state: 'fair', query: queryOf(INTERRUPTIONS, 'restarts') },
  {
    name: 'sampled blocks dropped',
    state: 'fair',
    query: queryOf(knownPanel('lifecycle', 'Blocks dropped from the sample')),
  },
  {
    name: 'intervals discarded',
    state: 'fair',
    query: queryOf(knownPanel('lifecycle', 'Intervals discarded')),
  },
  {
    name: 'batches of layers given up',
    state: 'fair',
    query: queryOf(knownPanel('layerwise', 'Batches given up')),
  },
  { name: 'requests given up', state: 'fair', query: queryOf(knownPanel('overview', 'Requests given up')) },
];

interface Counted extends Loss {
  /** null: never counted. */
  readonly amount: number | null;
}

export const trust: MakeSection = async (asking) => {
  const counted: Counted[] = [];
  for (const loss of LOSSES) counted.push({ ...loss, amount: await amountOf(asking, loss.query) });
  const events = await amountOf(asking, queryOf(EVENTS));
  const sampling = await asking.one(queryOf(SAMPLING));
  const seen = counted.filter(({ amount }) => amount !== null && amount > 0);
  const worst = seen.find(({ state }) => state === 'bad') ?? seen[0];
  return {
    id: 'trust',
    question: 'Can these figures be trusted?',
    verdict: {
      state: events === null && seen.length === 0 ? 'unknown' : (worst?.state ?? 'good'),
      text: verdict(seen, events, sampling),
    },
    figures: [figure('events seen', events, 'short'), figure('of blocks followed', sampling, 'percentunit')],
    ...withPanels(
      [table(counted)],
      await panelsOf(asking, [
        EVENTS,
        knownPanel('health', 'Lag'),
        knownPanel('lifecycle', 'Blocks followed'),
      ]),
    ),
  };
};

/** How often it happened in the whole span. */
async function amountOf(asking: Asking, query: Query): Promise<number | null> {
  const rates = await asking.whole(query);
  return rates.length === 0 ? null : rates.reduce((sum, { value }) => sum + value, 0) * asking.seconds;
}

function table(counted: readonly Counted[]): TablePanel {
  return {
    kind: 'table',
    id: 'losses',
    title: 'What is missing in the figures',
    description: 'Over the whole time. Each of these should be 0; what was never counted is none.',
    unit: 'short',
    columns: [{ title: 'what' }, { title: 'how often', unit: 'short' }],
    rows: counted.map(({ name, state, amount }) => ({
      name,
      state: amount === null || amount === 0 ? 'good' : state,
      cells: [amount === null ? 'none' : Math.round(amount)],
    })),
  };
}

function verdict(seen: readonly Counted[], events: number | null, sampling: number | null): string {
  if (events === null && seen.length === 0) return 'No event was counted in this time.';
  const lost =
    seen.length === 0
      ? 'Nothing was lost, dropped or misunderstood on the way to these figures.'
      : `These figures lack something: ${seen.map(({ name, amount }) => `${formatValue(Math.max(1, Math.round(amount ?? 0)), 'short')} ${name}`).join(', ')}.`;
  if (sampling === null || sampling >= 1) return lost;
  return `${lost} Lives of blocks are those of ${formatValue(sampling, 'percentunit')} of the blocks; counters count all.`;
}
