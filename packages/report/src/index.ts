export { reportHtml } from './page/report-html.js';
