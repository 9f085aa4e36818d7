export { readSet, writeFiles } from './files.js';
export { SCHEMES, type Scheme } from './scheme.js';
