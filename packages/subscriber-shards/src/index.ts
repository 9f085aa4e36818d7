export { shards } from './shards.js';
