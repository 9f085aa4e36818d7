import type { Panel } from '@kvscope/dashboards';
import type { ReportFigure, ReportPanel, ReportSection, State } from '../page/report-data.js';
import type { Asking } from './asking.js';
import { heatPanel } from './heat.js';
import { isQuiet, linesPanel } from './lines.js';

/** Answers one question. */
export type MakeSection = (asking: Asking) => Promise<ReportSection>;

export type PanelsOf = Pick<ReportSection, 'panels' | 'quiet' | 'absent'>;

/** Panels of dashboards as the report has them: those without an answer, or with none but 0, are only named. */
export async function panelsOf(asking: Asking, panels: readonly Panel[]): Promise<PanelsOf> {
  const shown: ReportPanel[] = [];
  const quiet: string[] = [];
  const absent: string[] = [];
  for (const panel of panels) {
    if (panel.kind === 'heatmap') {
      const heat = await heatPanel(asking, panel);
      if (heat !== undefined) shown.push(heat);
      continue;
    }
    const lines = await linesPanel(asking, panel);
    if (lines === undefined) absent.push(panel.title);
    else if (isQuiet(lines)) quiet.push(panel.title);
    else shown.push(lines);
  }
  return { panels: shown, quiet, absent };
}

/** The same with panels of the report's own before them. */
export function withPanels(before: readonly (ReportPanel | undefined)[], others: PanelsOf): PanelsOf {
  return { ...others, panels: [...before.filter((panel) => panel !== undefined), ...others.panels] };
}

export function figure(
  label: string,
  value: number | null,
  unit: ReportFigure['unit'],
  state: State = 'plain',
): ReportFigure {
  return { label, value, unit, state: value === null ? 'unknown' : state };
}
