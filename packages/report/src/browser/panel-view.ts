import type { ReportPanel, ReportTime } from '../page/report-data.js';
import { axisUnit } from '../page/units.js';
import { barsView } from './bars-view.js';
import { curveView } from './curve-view.js';
import { element } from './element.js';
import { heatView } from './heat-view.js';
import { linesView } from './lines-view.js';
import { spreadView } from './spread-view.js';
import { tableView } from './table-view.js';
import type { View } from './view.js';

export type TimedPanel = readonly [ReportPanel, ReportTime];

/** A panel with its title; what is in it changes with the data. */
export function panelView([panel, time]: TimedPanel): View<TimedPanel> {
  const inner = innerView(panel, time);
  const unit = panel.kind === 'lines' ? axisUnit(panel.unit) : '';
  const place = element(
    'article',
    { class: panel.wide === true ? 'panel wide' : 'panel', id: panel.id },
    element(
      'h3',
      {},
      panel.title,
      unit === '' ? undefined : element('span', { class: 'quiet' }, ` (${unit})`),
    ),
    element('p', { class: 'quiet' }, panel.description),
    inner.element,
  );
  return {
    element: place,
    show: inner.show,
    ...(inner.redraw && { redraw: inner.redraw }),
  };
}

function innerView(panel: ReportPanel, time: ReportTime): View<TimedPanel> {
  switch (panel.kind) {
    case 'lines':
      return timed(linesView(panel, time), panel.kind);
    case 'heat':
      return timed(heatView(panel, time), panel.kind);
    case 'bars':
      return untimed(barsView(panel), panel.kind);
    case 'spread':
      return untimed(spreadView(panel), panel.kind);
    case 'curve':
      return untimed(curveView(panel), panel.kind);
    case 'table':
      return untimed(tableView(panel), panel.kind);
  }
}

type OfKind<Kind extends ReportPanel['kind']> = Extract<ReportPanel, { kind: Kind }>;

function timed<Kind extends ReportPanel['kind']>(
  view: View<readonly [OfKind<Kind>, ReportTime]>,
  kind: Kind,
): View<TimedPanel> {
  return {
    ...view,
    show([next, time]) {
      if (next.kind === kind) view.show([next as OfKind<Kind>, time]);
    },
  };
}

function untimed<Kind extends ReportPanel['kind']>(view: View<OfKind<Kind>>, kind: Kind): View<TimedPanel> {
  return {
    ...view,
    show([next]) {
      if (next.kind === kind) view.show(next as OfKind<Kind>);
    },
  };
}
