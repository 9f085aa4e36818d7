import { createKeyHash, type SourceErrorKind } from '@kvscope/core';
import { BlockList } from '../block-list.js';
import type { JsonObject, JsonValue } from '../json/exact-json.js';
import { asArray, asCount, asObject } from '../json/json-values.js';
import type { DecodeLimits } from '../limits.js';
import { L0, L1, L2, type TierIndex } from '../medium.js';

/** What a TensorRT-LLM event says. */
export type TrtllmEvent = TrtllmHeader &
  (
    | { readonly type: 'created'; readonly capacities: readonly number[] }
    | { readonly type: 'stored'; readonly blocks: BlockList; readonly tiers: readonly TierIndex[] }
    | { readonly type: 'removed'; readonly blocks: BlockList }
    /** A change of tier; without one (a change of priority) both are undefined. */
    | {
        readonly type: 'updated';
        readonly blocks: BlockList;
        readonly from: TierIndex | undefined;
        readonly to: TierIndex | undefined;
      }
  );

/** What every event tells, of whatever kind it is. */
export interface TrtllmHeader {
  readonly id: number;
  /** Attention data-parallel rank, where the event tells it. */
  readonly rank: number | undefined;
  readonly group: number;
}

/** Members that are passed over: a token takes an object of its own in this format. */
export const TRTLLM_SKIPPED: ReadonlySet<string> = new Set(['tokens']);

const MAX_RANK = 65_535;
const MAX_GROUP = 2 ** 31 - 2;
const MAX_NAME_CHARACTERS = 130;
const HEX_DIGEST = /^(?:0x)?[0-9a-f]{32,128}$/i;
const DECIMAL = /^-?\d{1,20}$/;
const nameLow = createKeyHash(0);
const nameHigh = createKeyHash(1);

/** Reads what an event of any kind tells; undefined when it tells no id. */
export function readTrtllmHeader(value: JsonValue): TrtllmHeader | undefined {
  const event = asObject(value);
  const id = asCount(event?.event_id);
  if (event === undefined || id === undefined) return undefined;
  const rank = asCount(event.attention_dp_rank ?? undefined);
  if (rank !== undefined && rank > MAX_RANK) return undefined;
  // Pools of other window sizes hold blocks of the same hash; the reference counts see to that.
  const group = asCount(event.layer_group_id ?? asObject(event.data)?.layer_group_id) ?? 0;
  return group > MAX_GROUP ? undefined : { id, rank, group };
}

/** Reads one event, or tells what is wrong with it. */
export function readTrtllmEvent(value: JsonValue, limits: DecodeLimits): TrtllmEvent | SourceErrorKind {
  const header = readTrtllmHeader(value);
  const data = asObject(asObject(value)?.data);
  if (header === undefined || data === undefined) return 'malformed_event';
  switch (data.type) {
    case 'created':
      return { ...header, type: 'created', capacities: capacities(data) };
    case 'stored':
      return readStored(header, data, limits);
    case 'removed':
      return readRemoved(header, data, limits);
    case 'updated':
      return readUpdated(header, data);
    default:
      return typeof data.type === 'string' ? 'unknown_event' : 'malformed_event';
  }
}

function capacities(data: JsonObject): number[] {
  const levels = asArray(data.num_blocks_per_cache_level) ?? [];
  return levels.slice(0, L2 + 1).map((blocks) => asCount(blocks) ?? 0);
}

function readStored(header: TrtllmHeader, data: JsonObject, limits: DecodeLimits) {
  const stored = asArray(data.blocks);
  if (stored === undefined) return 'malformed_event';
  if (stored.length > limits.maxHashes) return 'too_many_hashes';
  const blocks = new BlockList();
  const tiers: TierIndex[] = [];
  for (const item of stored) {
    const block = asObject(item);
    const tier = tierOfLevel(block?.cache_level ?? 0);
    if (block === undefined || tier === undefined || !addHash(blocks, block.block_hash)) {
      return 'malformed_event';
    }
    tiers.push(tier);
  }
  return { ...header, type: 'stored', blocks, tiers } as const;
}

function readRemoved(header: TrtllmHeader, data: JsonObject, limits: DecodeLimits) {
  const hashes = asArray(data.block_hashes);
  if (hashes === undefined) return 'malformed_event';
  if (hashes.length > limits.maxHashes) return 'too_many_hashes';
  const blocks = new BlockList();
  return hashes.every((hash) => addHash(blocks, hash))
    ? ({ ...header, type: 'removed', blocks } as const)
    : 'malformed_event';
}

function readUpdated(header: TrtllmHeader, data: JsonObject) {
  const blocks = new BlockList();
  if (!addHash(blocks, data.block_hash)) return 'malformed_event';
  const level = asObject(data.cache_level);
  if (level === undefined)
    return { ...header, type: 'updated', blocks, from: undefined, to: undefined } as const;
  const from = tierOfLevel(level.old_value);
  const to = tierOfLevel(level.new_value);
  if (from === undefined || to === undefined) return 'malformed_event';
  return { ...header, type: 'updated', blocks, from, to } as const;
}

/** Level 0 is device memory, 1 host memory; what lies below is storage. */
function tierOfLevel(level: JsonValue | undefined): TierIndex | undefined {
  const index = asCount(level);
  if (index === undefined) return undefined;
  return index === 0 ? L0 : index === 1 ? L1 : L2;
}

/** A hash is an integer of 64 bits, or with the second manager a digest in hex. */
function addHash(blocks: BlockList, hash: JsonValue | undefined): boolean {
  if (typeof hash === 'string') {
    if (hash.length > MAX_NAME_CHARACTERS) return false;
    if (DECIMAL.test(hash)) return addInteger(blocks, BigInt(hash));
    if (!HEX_DIGEST.test(hash)) return false;
    const name = `0x${hash.toLowerCase().replace(/^0x/, '')}`;
    blocks.pushName(name, nameLow(name), nameHigh(name));
    return true;
  }
  if (typeof hash === 'bigint') return addInteger(blocks, hash);
  return typeof hash === 'number' && Number.isSafeInteger(hash) && addInteger(blocks, BigInt(hash));
}

function addInteger(blocks: BlockList, hash: bigint): boolean {
  if (hash >= 2n ** 64n || hash < -(2n ** 63n)) return false;
  const bits = BigInt.asUintN(64, hash);
  blocks.push(Number(bits & 0xffffffffn), Number(bits >> 32n));
  return true;
}
