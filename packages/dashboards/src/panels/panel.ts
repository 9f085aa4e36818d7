import type { Query } from '../query/query.js';

/** How the line of a query is drawn. */
export type LineStyle = 'plain' | 'average' | 'p50' | 'p90' | 'p95' | 'p99' | 'limit';

/** One line, or one per combination of the query's labels. */
export interface PanelQuery {
  readonly query: Query;
  /** What tells it from the panel's other queries; the labels that it is kept apart by are added. */
  readonly legend?: string;
  /** Default: plain. */
  readonly style?: LineStyle;
}

/** Colours above values; the first is the colour below all of them. */
export interface Thresholds {
  readonly base: string;
  readonly steps: readonly (readonly [above: number, colour: string])[];
}

/** Grafana's names of units. */
export type PanelUnit = 's' | 'bytes' | 'binBps' | 'percentunit' | 'short' | `suffix:${string}`;

export interface Panel {
  readonly title: string;
  /** What it shows, in no more than its queries compute. */
  readonly description: string;
  /** Default: timeseries. */
  readonly kind?: 'timeseries' | 'heatmap';
  readonly unit: PanelUnit;
  /** Of 24 columns. Default: 8. */
  readonly width?: 6 | 8 | 12 | 24;
  readonly queries: readonly PanelQuery[];
  readonly thresholds?: Thresholds;
  /** The axis goes up to this. */
  readonly max?: number;
  /** Values may be below 0; else the axis begins there. */
  readonly signed?: boolean;
}

/** A row of panels under a title. */
export interface Section {
  readonly title: string;
  /** Opened by whoever wants it. Default: open. */
  readonly collapsed?: boolean;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  /** Its tag, and what its uid ends in. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Those without a heading. */
  readonly panels: readonly Panel[];
  readonly sections: readonly Section[];
}

/** Every panel, whether or not it has a heading. */
export function panelsOf({ panels, sections }: Dashboard): readonly Panel[] {
  return [...panels, ...sections.flatMap((section) => section.panels)];
}
