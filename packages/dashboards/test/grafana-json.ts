/** What the tests read of a dashboard's JSON. */
export interface GrafanaJson {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly links: readonly unknown[];
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly panels: readonly PanelJson[];
}

interface VariableJson {
  readonly name: string;
  readonly query: string | { readonly query: string };
}

export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: unknown;
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat: string;
    readonly datasource: unknown;
  }[];
  readonly options?: unknown;
  readonly fieldConfig: {
    readonly defaults: { readonly custom: Readonly<Record<string, unknown>>; readonly thresholds?: unknown };
    readonly overrides: readonly {
      readonly matcher: { readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
  readonly panels?: readonly PanelJson[];
}

export function dashboardsOf(files: ReadonlyMap<string, string>): readonly GrafanaJson[] {
  return [...files]
    .filter(([path]) => path.startsWith('grafana/dashboards/'))
    .map(([, text]) => JSON.parse(text) as GrafanaJson);
}

/** All panels, also those inside collapsed rows. */
export function panelsIn({ panels }: GrafanaJson): readonly PanelJson[] {
  return panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}
