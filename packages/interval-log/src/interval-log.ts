import { defineMetrics, type Subscriber } from '@kvscope/core';
import { formatSnapshot } from './format-snapshot.js';
import { IntervalStatistics } from './interval-statistics.js';
import { type IntervalLogOptions, intervalLogSettings } from './options.js';
import { isEmpty } from './snapshot.js';

const noMetrics = defineMetrics('intervalLog', {});

/**
 * Logs one line an interval: blocks, bytes, seconds and mean rate of the transfers between each two tiers, hits of
 * each tier, and stalls. Nothing when nothing happened. It records no metric. An interval that is not over when it
 * is stopped is not logged.
 */
export const intervalLog: Subscriber<typeof noMetrics.metrics, IntervalLogOptions> = {
  name: 'intervalLog',
  family: noMetrics,
  validate: (options) => void intervalLogSettings(options),
  start(context, options) {
    const { intervalS, stallMs, log } = intervalLogSettings(options);
    const statistics = new IntervalStatistics(stallMs);
    context.on('transfer.finished', (event) => statistics.transferred(event));
    context.on('lookup.finished', (event) => statistics.lookedUp(event));
    context.on('layer.waited', (event) => statistics.waited(event));
    context.every(intervalS * 1000, () => {
      const snapshot = statistics.take();
      if (!isEmpty(snapshot)) log(formatSnapshot(snapshot, intervalS), snapshot);
    });
  },
};
