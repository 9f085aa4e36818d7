import * as mittNamespace from 'mitt';

type MittFactory = (all?: Map<string, Listener[]>) => Emitter;

/** What the bus delivers to: never throws, see `isolate` in bus.ts. */
export type Listener = (event: never) => void;

/** The part of mitt's emitter that the bus uses. */
export interface Emitter {
  readonly all: Map<string, Listener[]>;
  on(type: string, listener: Listener): void;
  off(type: string, listener: Listener): void;
}

/** mitt 3.0.1 does not type-check under NodeNext (its `export default` is seen as a namespace), hence the cast. */
export const createEmitter = (mittNamespace as unknown as { default: MittFactory }).default;
