import type { ReportData } from '../page/report-data.js';
import { element } from './element.js';

/** Shows what the server of the page sends, and whether it still does. The browser connects again by itself. */
export function followLive(show: (data: ReportData) => void): HTMLElement {
  const status = element('p', { class: 'live', role: 'status' }, 'Live: connecting');
  const events = new EventSource('events');
  events.addEventListener('report', ({ data }: MessageEvent<string>) => {
    show(JSON.parse(data) as ReportData);
    status.textContent = 'Live';
    status.dataset.updates = String(Number(status.dataset.updates ?? 0) + 1);
  });
  events.addEventListener('ended', () => {
    events.close();
    status.textContent = 'The run has ended: these are its last figures';
  });
  events.addEventListener('error', () => {
    if (events.readyState === EventSource.CLOSED)
      status.textContent = 'Not live: the server sends nothing more';
    else status.textContent = 'Not live: waiting for the server';
  });
  return status;
}
