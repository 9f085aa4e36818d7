export { type ReuseCurve, type ReuseOptions, type ReusePoint, TRUSTED_ERROR } from './options.js';
export { reuse } from './reuse.js';
