import * as mittNamespace from 'mitt';
import type { Subscription } from './subscription.js';

type MittFactory = (all?: Map<string, Subscription[]>) => Emitter;

/** The part of mitt's emitter that the bus uses: its lists. The bus calls what is on them itself. */
export interface Emitter {
  readonly all: Map<string, Subscription[]>;
  on(type: string, subscription: Subscription): void;
  off(type: string, subscription: Subscription): void;
}

/** mitt 3.0.1 does not type-check under NodeNext (its `export default` is seen as a namespace), hence the cast. */
export const createEmitter = (mittNamespace as unknown as { default: MittFactory }).default;
