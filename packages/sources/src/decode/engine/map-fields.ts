import { WordTable } from '../word-table.js';

/** One that we do not read. */
export const OTHER = 0;
export const TYPE = 1;
export const HASHES = 2;
export const TOKENS = 3;
export const BLOCK_SIZE = 4;
export const MEDIUM = 5;
export const EXTRA_KEYS = 6;
export const GROUP = 7;
export const SALT = 8;
export const SEQUENCE_HASHES = 9;
export const OBJECT_KEY = 10;
export const FROM_MEDIUM = 11;
export const TO_MEDIUM = 12;

/** The keys of map events that we read; every other one is passed over. */
export const MAP_FIELDS = new WordTable<number>({
  type: TYPE,
  block_hashes: HASHES,
  token_ids: TOKENS,
  block_size: BLOCK_SIZE,
  medium: MEDIUM,
  extra_keys: EXTRA_KEYS,
  group_idx: GROUP,
  cache_salt: SALT,
  from_medium: FROM_MEDIUM,
  to_medium: TO_MEDIUM,
});

/** Those of a Mooncake master, which says things twice: `type` and `block_hashes` are for readers of vLLM's events. */
export const OBJECT_FIELDS = new WordTable<number>({
  event_type: TYPE,
  type: TYPE,
  block_hashes: HASHES,
  seq_hashes: SEQUENCE_HASHES,
  medium: MEDIUM,
  group_id: GROUP,
  additional_salt: SALT,
  object_key: OBJECT_KEY,
});
