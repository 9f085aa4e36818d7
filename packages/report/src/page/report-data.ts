import type { LineStyle, PanelUnit, Thresholds } from '@kvscope/dashboards';

/** All that the page shows, as JSON: whoever has this needs no metrics any more. Times are epoch seconds. */
export interface ReportData {
  readonly title: string;
  /** What was looked at, such as `kvscope demo` or a URL. */
  readonly subject: string;
  /** When the figures were taken. */
  readonly generatedAt: number;
  readonly time: ReportTime;
  /** What the diagnosis found, worst first; null where there was none. */
  readonly findings: readonly ReportFinding[] | null;
  readonly sections: readonly ReportSection[];
}

export interface ReportTime {
  readonly from: number;
  readonly to: number;
  /** `clock`: times of day. `trace`: the time of a trace, shown from its beginning. */
  readonly kind: 'clock' | 'trace';
  /** What is to be known of the axis of time, in a sentence. */
  readonly note: string;
}

/** How good what one sees is; `plain` where a figure alone is neither good nor bad. */
export type State = 'good' | 'fair' | 'bad' | 'plain' | 'unknown';

export interface ReportFinding {
  readonly state: State;
  readonly title: string;
  readonly text: string;
  /** Figures that it rests on. */
  readonly evidence: readonly string[];
  /** What to change, in the order in which to try it. */
  readonly changes: readonly string[];
}

/** A question, its answer in a sentence, and what the answer rests on. */
export interface ReportSection {
  readonly id: string;
  readonly question: string;
  readonly verdict: Verdict;
  readonly figures: readonly ReportFigure[];
  readonly panels: readonly ReportPanel[];
  /** Titles of panels that show nothing but 0. */
  readonly quiet: readonly string[];
  /** Titles of panels that nothing was measured for. */
  readonly absent: readonly string[];
}

export interface Verdict {
  readonly state: State;
  readonly text: string;
}

export interface ReportFigure {
  readonly label: string;
  readonly value: number | null;
  readonly unit: PanelUnit;
  readonly state: State;
}

interface PanelHead {
  /** Unique on the page, and the same from one update to the next. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly unit: PanelUnit;
  /** Takes the whole width. */
  readonly wide?: boolean;
}

/** Values over time. */
export interface LinesPanel extends PanelHead {
  readonly kind: 'lines';
  readonly times: readonly number[];
  readonly lines: readonly ReportLine[];
  /** Lines that there was no room for. */
  readonly leftOut: number;
  readonly max?: number;
  readonly signed?: boolean;
  readonly thresholds?: Thresholds;
}

export interface ReportLine {
  readonly name: string;
  /** Lines of one group have one colour and differ in their style. */
  readonly group: string;
  readonly style: LineStyle;
  /** One for each time; null: nothing was measured. */
  readonly values: readonly (number | null)[];
}

/** Observations a second by bucket, over time. */
export interface HeatPanel extends PanelHead {
  readonly kind: 'heat';
  readonly times: readonly number[];
  /** Upper bounds of the buckets, ascending; null: no bound. */
  readonly bounds: readonly (number | null)[];
  /** The lower bound of the first of them; null: none. */
  readonly below: number | null;
  /** By bucket, then by time. */
  readonly rows: readonly (readonly (number | null)[])[];
}

/** Wholes and what they are made of. */
export interface BarsPanel extends PanelHead {
  readonly kind: 'bars';
  readonly bars: readonly {
    readonly name: string;
    readonly parts: readonly { readonly name: string; readonly value: number }[];
  }[];
}

/** How observations of several histograms with the same buckets spread over them. */
export interface SpreadPanel extends PanelHead {
  readonly kind: 'spread';
  /** Upper bounds; null: no bound. */
  readonly bounds: readonly (number | null)[];
  /** The lower bound of the first of them; null: none. */
  readonly below: number | null;
  readonly spreads: readonly {
    readonly name: string;
    /** Of all observations, by bucket. 0 to 1 */
    readonly shares: readonly number[];
  }[];
}

/** The hit ratio that other capacities would have had. */
export interface CurvePanel extends PanelHead {
  readonly kind: 'curve';
  /** Times the capacity, ascending. */
  readonly scales: readonly number[];
  readonly lines: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

export interface TablePanel extends PanelHead {
  readonly kind: 'table';
  /** The first column names the row. */
  readonly columns: readonly { readonly title: string; readonly unit?: PanelUnit }[];
  readonly rows: readonly {
    readonly name: string;
    readonly state: State;
    readonly cells: readonly (number | string | null)[];
  }[];
}

export type ReportPanel = LinesPanel | HeatPanel | BarsPanel | SpreadPanel | CurvePanel | TablePanel;
