import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  PanelBuilder as Heatmap,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Panel, PanelQuery, Thresholds } from '../panels/panel.js';
import { promqlOf } from '../query/promql.js';
import type { Scope } from '../query/scope.js';
import { labelName } from '../scheme.js';
import type { Place } from './layout.js';
import { LINE_STYLES } from './line-styles.js';
import { DATASOURCE } from './variables.js';

/** Gaps up to this are bridged: a scrape or two that failed. Longer ones are seen. In ms. */
const BRIDGED_MS = 60_000;

export type PanelBuilder = TimeSeries | Heatmap;

export function renderPanel(panel: Panel, id: number, place: Place, scope: Scope): PanelBuilder {
  return panel.kind === 'heatmap' ? heatmap(panel, id, place, scope) : timeSeries(panel, id, place, scope);
}

function timeSeries(panel: Panel, id: number, place: Place, scope: Scope): TimeSeries {
  const builder = new TimeSeries()
    .id(id)
    .title(panel.title)
    .description(panel.description)
    .gridPos(place)
    .datasource(DATASOURCE)
    .unit(panel.unit)
    .spanNulls(BRIDGED_MS)
    .lineWidth(1)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (panel.signed !== true) builder.min(0);
  if (panel.max !== undefined) builder.max(panel.max);
  for (const [i, query] of panel.queries.entries()) {
    builder.withTarget(target(query, i, scope).format(PromQueryFormat.TimeSeries));
    const style = LINE_STYLES[query.style ?? 'plain'];
    if (style.length > 0) builder.overrideByQuery(refId(i), [...style]);
  }
  if (panel.thresholds !== undefined) {
    builder
      .thresholds(thresholds(panel.thresholds))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.DashedAndArea));
  }
  return builder;
}

function heatmap(panel: Panel, id: number, place: Place, scope: Scope): Heatmap {
  const builder = new Heatmap()
    .id(id)
    .title(panel.title)
    .description(panel.description)
    .gridPos(place)
    .datasource(DATASOURCE)
    .calculate(false)
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').steps(64))
    .yAxis(new YAxisConfigBuilder().unit(panel.unit));
  for (const [i, query] of panel.queries.entries()) {
    builder.withTarget(target(query, i, scope).format(PromQueryFormat.Heatmap).legendFormat('{{le}}'));
  }
  return builder;
}

function target(query: PanelQuery, i: number, scope: Scope): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(refId(i))
    .datasource(DATASOURCE)
    .expr(promqlOf(query.query, scope))
    .legendFormat(legend(query))
    .range();
}

/** A, B, C: more lines than letters would be no panel. */
function refId(i: number): string {
  return String.fromCharCode(65 + i);
}

/** In the aggregated view there is no instance, and nothing is shown for it. */
function legend({ query, legend: name }: PanelQuery): string {
  const labels = [...query.by.map(labelName), 'job', 'instance'].map((label) => `{{${label}}}`);
  return [...(name === undefined ? [] : [name]), ...labels].join(' ');
}

function thresholds({ base, steps }: Thresholds): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: base }, ...steps.map(([value, color]) => ({ value, color }))]);
}
