import { overlap, overlapOfRest } from '../query/figures.js';
import { rate } from '../query/query.js';
import type { Dashboard } from './panel.js';
import { amounts, durations, GREEN, heatmap, perSecond, RED, worseAbove, YELLOW } from './shapes.js';

const OPERATION = 'kv_cache.operation.name';
const POSITION = 'kv_cache.layer.position';
const LOAD = { [OPERATION]: 'load' };
const SAVE = { [OPERATION]: 'save' };
const FIRST = { [POSITION]: 'first' };
const REST = { [POSITION]: 'rest' };

export const layerwise: Dashboard = {
  name: 'layerwise',
  title: 'Layerwise',
  description: 'Whether loading layer by layer hides behind compute.',
  panels: [
    durations(
      'kv_cache.layer.wait.duration',
      {
        title: 'Wait of the rest of the layers (per layer)',
        description:
          'Key: time that compute stood still for a layer after the first. Near 0 all loading is hidden; near the load time nothing is.',
        width: 24,
        thresholds: worseAbove(0.005, 0.02),
      },
      { where: { ...LOAD, ...REST } },
    ),
    durations(
      'kv_cache.layer.wait.duration',
      {
        title: 'Wait of the first layer (per layer)',
        description:
          'Time that compute stood still for the first layer, which has no compute to hide behind.',
      },
      { where: { ...LOAD, ...FIRST } },
    ),
    {
      title: 'Overlap',
      description:
        'Share of the time layers took to load that compute hid: 1 less the time waited over the time loaded.',
      unit: 'percentunit',
      max: 1,
      queries: [
        { query: overlap, legend: 'all layers', style: 'p90' },
        { query: overlapOfRest, legend: 'rest' },
      ],
      thresholds: {
        base: RED,
        steps: [
          [0.5, YELLOW],
          [0.9, GREEN],
        ],
      },
    },
    amounts('kv_cache.layer.overlap', {
      title: 'Overlap (per batch)',
      description: 'Share of the load time of one batch that compute hid. Low quantiles are the bad batches.',
    }),
  ],
  sections: [
    {
      title: 'Loads',
      panels: [
        {
          title: 'Waited and loaded',
          description:
            'Seconds that layers took to load, and seconds that compute waited for them, per second.',
          unit: 's',
          queries: [
            {
              query: rate('kv_cache.layer.load.duration', { part: 'sum', by: [POSITION] }),
              legend: 'loaded',
              style: 'average',
            },
            {
              query: rate('kv_cache.layer.wait.duration', { part: 'sum', where: LOAD, by: [POSITION] }),
              legend: 'waited',
            },
          ],
        },
        durations(
          'kv_cache.layer.load.duration',
          {
            title: 'Load (per layer)',
            description: 'Time from the submit of a load of a layer until it was there.',
          },
          { by: [POSITION] },
        ),
        durations('kv_cache.layer.interval.duration', {
          title: 'Interval (per layer)',
          description: 'Host time between two waits of a batch: what a load can hide behind.',
        }),
        durations(
          'kv_cache.layer.submit.duration',
          {
            title: 'Submit (per call)',
            description:
              'Time of the call that submits the load or save of a layer. It stops compute: above 1 ms look why.',
          },
          { by: [OPERATION, POSITION] },
        ),
        perSecond(
          'kv_cache.layer.stalls',
          {
            title: 'Stalls',
            description: 'Waits for a load that were longer than the threshold of the subscriber.',
          },
          'layers',
          { by: [POSITION] },
        ),
        amounts(
          'kv_cache.layer.wait.tasks',
          { title: 'Tasks (per layer wait)', description: 'Tasks that one wait for a layer waited for.' },
          { by: [OPERATION] },
        ),
        amounts('kv_cache.layer.first.requests', {
          title: 'Requests (per batch)',
          description: 'Requests in a batch when the load of its first layer was submitted.',
        }),
      ],
    },
    {
      title: 'Saves',
      panels: [
        durations('kv_cache.layer.save_tail.duration', {
          title: 'Save tail (per batch)',
          description: 'Time from the end of compute until the last save that was waited for.',
          thresholds: worseAbove(0.01, 0.05),
        }),
        durations(
          'kv_cache.layer.wait.duration',
          {
            title: 'Save wait (per layer)',
            description: 'Time that compute stood still for the save of one layer.',
          },
          { where: SAVE, by: [POSITION] },
        ),
        perSecond(
          'kv_cache.layer.batches_abandoned',
          {
            title: 'Batches given up',
            description:
              'Batches that never finished and have no overlap or save tail, by why they were given up.',
          },
          'batches',
          { by: ['kv_cache.abandon.reason'] },
        ),
      ],
    },
    {
      title: 'Heat maps',
      collapsed: true,
      panels: [
        heatmap(
          'kv_cache.layer.wait.duration',
          {
            title: 'Wait of the rest of the layers',
            description: 'Layers after the first by how long compute waited.',
          },
          's',
          { where: { ...LOAD, ...REST } },
        ),
        heatmap(
          'kv_cache.layer.load.duration',
          {
            title: 'Load of the rest of the layers',
            description: 'Layers after the first by how long they took to load.',
          },
          's',
          { where: REST },
        ),
      ],
    },
  ],
};
