export { layerwise } from './layerwise.js';
export type { LayerwiseOptions } from './options.js';
