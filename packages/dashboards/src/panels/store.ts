import { backendLoadRatio } from '../query/figures.js';
import { rate } from '../query/query.js';
import { hitRatioPanel } from './hit-ratio.js';
import type { Dashboard, Panel } from './panel.js';
import { bandwidths, durations, heatmap, perSecond, throughput, worseAbove } from './shapes.js';

const TIER = 'kv_cache.tier';
const OPERATION = 'kv_cache.operation.name';
const IO = [TIER, 'kv_cache.io.direction'];
const LOAD = { [OPERATION]: 'load' };
const DUMP = { [OPERATION]: 'dump' };
const FAILED = { 'error.type': { present: true } };

const STAGES = {
  queue: [
    'Queue',
    'Time from the submit of a task until a worker took it. Above 1 ms the workers are saturated.',
  ],
  dispatch: [
    'Dispatch',
    'Time a worker took to get buffers and to submit the work of a task. Above 1 ms tasks compete for buffers.',
  ],
  wait: [
    'Wait for the lower tier',
    'Time from the dispatch of a load until its last shard was in host memory.',
  ],
  copy: ['Copy', 'Time to copy the bytes of a task between host and device memory.'],
  handoff: [
    'Hand-off',
    'Time until the lower tier took over what a dump had copied. The write itself comes later and is not in it.',
  ],
} as const;

function stage(name: keyof typeof STAGES): Panel {
  const [title, description] = STAGES[name];
  return durations(
    `kv_cache.task.${name}.duration`,
    { title: `${title} (per task)`, description },
    { by: [OPERATION] },
  );
}

export const store: Dashboard = {
  name: 'store',
  title: 'Pipeline store',
  description: 'Which tier is the bottleneck: tasks by stage, the lower tier by io call.',
  panels: [
    hitRatioPanel,
    {
      title: 'Backend load ratio',
      description: 'Shards of loads that had to come from the lower tier, over all shards of loads.',
      unit: 'percentunit',
      max: 1,
      width: 12,
      queries: [{ query: backendLoadRatio }],
      thresholds: worseAbove(0.3, 0.7),
    },
    perSecond(
      'kv_cache.task.shards',
      {
        title: 'Shards by origin',
        description:
          'Where the shards of tasks were found: in host memory, in the lower tier, in another task that moved them already, or left out.',
        width: 12,
      },
      'shards',
      { by: [OPERATION, 'kv_cache.shard.origin'] },
    ),
  ],
  sections: [
    {
      title: 'Tasks',
      panels: [
        durations(
          'kv_cache.task.duration',
          {
            title: 'Load duration (per task)',
            description: 'Time from the submit of a load to its end.',
            width: 12,
          },
          { where: LOAD },
        ),
        durations(
          'kv_cache.task.duration',
          {
            title: 'Dump duration (per task)',
            description: 'Time from the submit of a dump until the lower tier had taken it over.',
            width: 12,
          },
          { where: DUMP },
        ),
        bandwidths(
          'kv_cache.task.bandwidth',
          {
            title: 'Bandwidth (per task)',
            description: 'Bytes per second of one task, from its submit to its end.',
            width: 12,
          },
          { by: [OPERATION] },
        ),
        throughput(
          'kv_cache.task.io',
          {
            title: 'Bandwidth of tasks (aggregated)',
            description: 'Bytes of all successful tasks in a second.',
            width: 12,
          },
          { by: [OPERATION] },
        ),
        perSecond(
          'kv_cache.tasks',
          { title: 'Tasks', description: 'Tasks that ended, also those that failed.' },
          'tasks',
          { by: [OPERATION] },
        ),
        perSecond(
          'kv_cache.task.blocks',
          { title: 'Blocks of tasks', description: 'Blocks of all successful tasks.' },
          'blocks',
          { by: [OPERATION] },
        ),
        perSecond(
          'kv_cache.tasks',
          { title: 'Task failures', description: 'Tasks that failed, by why.' },
          'tasks',
          { where: FAILED, by: [OPERATION, 'error.type'] },
        ),
      ],
    },
    {
      title: 'Stages of a task: they add up to its duration',
      panels: [
        stage('queue'),
        stage('dispatch'),
        stage('wait'),
        stage('copy'),
        stage('handoff'),
        durations('kv_cache.shard.wait.duration', {
          title: 'Shard wait (per shard)',
          description:
            'Time that one shard of a load waited for the lower tier. Shards wait side by side: the waits of a load do not add up.',
        }),
      ],
    },
    {
      title: 'Lookups and the lower tier',
      panels: [
        durations(
          'kv_cache.lookup.duration',
          {
            title: 'Lookup (per tier asked)',
            description: 'Time to ask one tier how many of some blocks it holds.',
          },
          { by: [TIER] },
        ),
        durations(
          'kv_cache.io.duration',
          { title: 'IO duration (per io)', description: 'Time of one read or write call.' },
          { by: IO },
        ),
        durations(
          'kv_cache.io.queue.duration',
          { title: 'IO queue (per io)', description: 'Time that one call waited for a worker.' },
          { by: IO },
        ),
        durations(
          'kv_cache.io.task.duration',
          {
            title: 'IO task duration (per io task)',
            description: 'Time of one task of the lower tier itself.',
          },
          { by: IO },
        ),
        bandwidths(
          'kv_cache.io.bandwidth',
          {
            title: 'IO bandwidth (per io)',
            description: 'Bytes per second of one call while it ran. Calls side by side do not add up here.',
          },
          { by: IO },
        ),
        throughput(
          'kv_cache.io',
          {
            title: 'IO bandwidth (aggregated)',
            description: 'Bytes that all successful calls moved in a second.',
          },
          { by: IO },
        ),
        {
          title: 'IO errors',
          description: 'Calls that failed, by why. The only place where the failed write of a dump shows.',
          unit: 'suffix: errors/s',
          width: 12,
          queries: [{ query: rate('kv_cache.io.errors', { by: [...IO, 'error.type'] }) }],
        },
      ],
    },
    {
      title: 'Heat maps of tasks',
      collapsed: true,
      panels: [
        heatmap(
          'kv_cache.task.duration',
          { title: 'Load duration', description: 'Loads by how long they took.' },
          's',
          {
            where: LOAD,
          },
        ),
        heatmap(
          'kv_cache.task.duration',
          { title: 'Dump duration', description: 'Dumps by how long they took.' },
          's',
          {
            where: DUMP,
          },
        ),
        heatmap(
          'kv_cache.task.queue.duration',
          { title: 'Queue', description: 'Tasks by how long they queued.' },
          's',
        ),
        heatmap(
          'kv_cache.shard.wait.duration',
          { title: 'Shard wait', description: 'Shards by how long they waited for the lower tier.' },
          's',
        ),
      ],
    },
    {
      title: 'Heat maps of io',
      collapsed: true,
      panels: [
        heatmap(
          'kv_cache.io.duration',
          { title: 'Reads', description: 'Read calls by how long they took.' },
          's',
          {
            where: { 'kv_cache.io.direction': 'read' },
          },
        ),
        heatmap(
          'kv_cache.io.duration',
          { title: 'Writes', description: 'Write calls by how long they took.' },
          's',
          {
            where: { 'kv_cache.io.direction': 'write' },
          },
        ),
      ],
    },
  ],
};
