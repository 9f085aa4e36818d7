export { lifecycle } from './lifecycle.js';
export type { LifecycleOptions } from './options.js';
