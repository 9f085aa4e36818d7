import type { Answers } from '../answers.js';
import type { ReportData, ReportFinding } from '../page/report-data.js';
import { Asking, type ReportSpan } from './asking.js';
import { instancesPanel } from './instances.js';
import type { MakeSection } from './section.js';
import { capacity } from './sections/capacity.js';
import { evicted } from './sections/evicted.js';
import { helping } from './sections/helping.js';
import { hiding } from './sections/hiding.js';
import { loads } from './sections/loads.js';
import { tiers } from './sections/tiers.js';
import { trust } from './sections/trust.js';

/** From top to bottom. */
const SECTIONS: readonly MakeSection[] = [helping, tiers, loads, hiding, evicted, capacity, trust];

export interface ReportRequest {
  readonly answers: Answers;
  readonly span: ReportSpan;
  /** What the report is of, such as `kvscope demo`. Default: where the answers come from. */
  readonly subject?: string;
  /** Whether times are those of a clock or of a trace. Default: clock. */
  readonly kind?: ReportData['time']['kind'];
  /** What is to be known of the times, in a sentence. */
  readonly note?: string;
  /** What a diagnosis of the same span found. Default: there was none. */
  readonly findings?: readonly ReportFinding[];
  /** The same answers kept apart by instance. Default: there is one. */
  readonly byInstance?: Answers;
  /** In s since the epoch. */
  readonly now: number;
}

/**
 * All that a report shows, asked of whatever can answer.
 * @throws what the answers throw
 */
export async function reportData(request: ReportRequest): Promise<ReportData> {
  const {
    answers,
    span,
    subject = answers.source,
    kind = 'clock',
    note = '',
    findings = null,
    byInstance,
    now,
  } = request;
  const asking = new Asking(answers, span);
  const sections = await Promise.all(SECTIONS.map((make) => make(asking)));
  const instances = byInstance && (await instancesPanel(byInstance, span));
  return {
    title: 'kvscope report',
    subject,
    generatedAt: now,
    time: { from: span.from, to: span.to, kind, note },
    findings,
    sections: sections.map((section, i) => ({
      ...section,
      figures: section.figures.filter(({ value }) => value !== null),
      // Who asks whether it helps asks next where it does not.
      panels: [...section.panels, ...(i === 0 && instances ? [instances] : [])],
    })),
  };
}
