export type { TransferOptions } from './options.js';
export { transfer } from './transfer.js';
