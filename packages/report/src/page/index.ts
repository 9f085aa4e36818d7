export type { ReportSpan } from '../contents/asking.js';
export { findingsOf } from '../contents/findings.js';
export { type ReportRequest, reportData } from '../contents/report.js';
export type { ReportData, ReportFinding } from './report-data.js';
export { contentSecurityPolicy, reportHtml } from './report-html.js';
