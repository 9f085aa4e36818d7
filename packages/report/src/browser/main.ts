import 'uplot/dist/uPlot.min.css';
import './page.css';
import type { ReportData } from '../page/report-data.js';
import { followLive } from './live.js';
import { pageView } from './page-view.js';

const place = document.getElementById('report') as HTMLElement;
const embedded = document.getElementById('report-data') as HTMLElement;
const page = pageView(JSON.parse(embedded.textContent ?? '') as ReportData);
place.append(page.element);
if ('live' in document.documentElement.dataset) place.prepend(followLive(page.show));

// What is drawn on a canvas does not follow the colours of the page by itself, and paper is white.
const redraw = (): void => page.redraw?.();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
addEventListener('beforeprint', () => {
  document.documentElement.classList.add('paper');
  redraw();
});
addEventListener('afterprint', () => {
  document.documentElement.classList.remove('paper');
  redraw();
});
