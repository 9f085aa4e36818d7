/** Figures as a person reads them; apart from the rest, so that whoever only prints loads no more than this. */
export { type Buckets, histogramQuantile } from './evaluation/quantile.js';
export { formatBytes, formatCount, formatSeconds, formatShare } from './format.js';
export { capital, figureText, labelText, plainText } from './wording.js';
