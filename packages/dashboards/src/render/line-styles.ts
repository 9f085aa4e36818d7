import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import type { LineStyle } from '../panels/panel.js';

const dash = (...lengths: number[]) => ({ id: 'custom.lineStyle', value: { fill: 'dash', dash: lengths } });
const width = (value: number) => ({ id: 'custom.lineWidth', value });

/** One style for each kind of line on every dashboard, so that a reader knows a p99 without its legend. */
export const LINE_STYLES: Readonly<Record<LineStyle, readonly DynamicConfigValue[]>> = {
  plain: [],
  average: [{ id: 'custom.fillOpacity', value: 5 }],
  p50: [],
  p90: [dash(10, 6)],
  p95: [dash(6, 4)],
  p99: [dash(4, 4), width(2)],
  limit: [dash(2, 6), width(2)],
};
