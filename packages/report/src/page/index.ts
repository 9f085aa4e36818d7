export type { ReportSpan } from '../contents/asking.js';
export { type ReportRequest, reportData } from '../contents/report.js';
export { type LivePage, type LivePageOptions, serveLivePage } from '../live/live-page.js';
export type { ReportData, ReportFinding } from './report-data.js';
export { reportHtml } from './report-html.js';
