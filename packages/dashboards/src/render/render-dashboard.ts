import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Dashboard as GrafanaDashboard,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Catalog } from '../catalog.js';
import type { Dashboard, Panel } from '../panels/panel.js';
import { dashboardScope } from '../query/scope.js';
import { Layout } from './layout.js';
import { type PanelBuilder, renderPanel } from './render-panel.js';
import { variables } from './variables.js';

const PANEL_HEIGHT = 8;
/** Of Grafana 10: it and every later one read the file as it is; a later one's number would leave Grafana 10 out. */
const SCHEMA_VERSION = 39;

/** A dashboard as Grafana 10 to 12 provision it. Its uid and title differ by scheme, so that one Grafana can hold both. */
export function renderDashboard(dashboard: Dashboard, catalog: Catalog): GrafanaDashboard {
  const { name, title, description, sections } = dashboard;
  const scope = dashboardScope(catalog);
  const layout = new Layout();
  let id = 0;
  const panel = (definition: Panel): PanelBuilder => {
    id++;
    return renderPanel(definition, id, layout.place(definition.width ?? 8, PANEL_HEIGHT), scope);
  };

  const otlp = catalog.scheme === 'otlp';
  const builder = new DashboardBuilder(`kvscope / ${title}${otlp ? ' (OTLP)' : ''}`)
    .uid(`kvscope-${otlp ? 'otlp-' : ''}${name}`)
    .description(description)
    .tags(['kvscope', name])
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .link(
      new DashboardLinkBuilder('kvscope')
        .type(DashboardLinkType.Dashboards)
        .tags(['kvscope'])
        .asDropdown(true)
        .keepTime(true)
        .includeVars(true),
    );
  for (const variable of variables(catalog)) builder.withVariable(variable);
  // Grafana's own order: what stands in a collapsed row is inside it, what stands in an open one follows it.
  for (const definition of dashboard.panels) builder.withPanel(panel(definition));
  for (const { title: heading, collapsed = false, panels } of sections) {
    id++;
    const row = new RowBuilder(heading).id(id).gridPos(layout.heading()).collapsed(collapsed);
    const rendered = panels.map(panel);
    if (collapsed) for (const inside of rendered) row.withPanel(inside);
    builder.withRow(row);
    if (!collapsed) for (const below of rendered) builder.withPanel(below);
  }
  return portable(builder.build());
}

function portable(built: GrafanaDashboard): GrafanaDashboard {
  // The builder's default place for links is a menu that only the newest Grafana has.
  const links = (built.links ?? []).map(({ placement, ...link }) => link);
  return { ...built, schemaVersion: SCHEMA_VERSION, links };
}
