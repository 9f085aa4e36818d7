import type { Subscriber } from '@kvscope/core';
import { intervalLog } from '@kvscope/interval-log';
import { layerwise } from '@kvscope/subscriber-layerwise';
import { lifecycle } from '@kvscope/subscriber-lifecycle';
import { reuse } from '@kvscope/subscriber-reuse';
import { shards } from '@kvscope/subscriber-shards';
import { transfer } from '@kvscope/subscriber-transfer';
import { trace } from '@kvscope/trace';
import type { SubscriberFlags } from './config.js';

export interface BuiltIn {
  readonly subscriber: Subscriber;
  /** Whether it is on when nobody says anything. */
  readonly byDefault: boolean;
  /** Whether it follows sampled blocks, so that a new rate or seed makes its state worthless. */
  readonly sampled: boolean;
}

/** Every subscriber that a flag of the configuration switches, by the flag's name. */
export const BUILT_IN: Readonly<Record<keyof SubscriberFlags, BuiltIn>> = {
  lifecycle: { subscriber: lifecycle as unknown as Subscriber, byDefault: true, sampled: true },
  shards: { subscriber: shards as unknown as Subscriber, byDefault: true, sampled: false },
  transfer: { subscriber: transfer as unknown as Subscriber, byDefault: true, sampled: false },
  layerwise: { subscriber: layerwise as unknown as Subscriber, byDefault: true, sampled: false },
  reuse: { subscriber: reuse as unknown as Subscriber, byDefault: false, sampled: true },
  intervalLog: { subscriber: intervalLog as unknown as Subscriber, byDefault: false, sampled: false },
  trace: { subscriber: trace as unknown as Subscriber, byDefault: false, sampled: false },
};

export type FlagName = keyof SubscriberFlags;
export const FLAG_NAMES = Object.freeze(Object.keys(BUILT_IN) as FlagName[]);
/** The subscribers that are on when nobody says anything. */
export const DEFAULT_NAMES = Object.freeze(FLAG_NAMES.filter((name) => BUILT_IN[name].byDefault));
