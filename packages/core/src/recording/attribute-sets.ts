import { type AttributeDeclaration, OTHER_VALUE } from '../metrics/declaration.js';
import type { Source } from '../source.js';
import { requireThat } from '../validation.js';
import type { AttributeSet, Recorder } from './recorder.js';

/** Distinct attribute sets of sources that get series of their own. */
export const MAX_SOURCE_SETS = 128;
/** Distinct attribute sets that are taken over from elsewhere. */
const MAX_ADOPTED_SETS = 10_000;
/** The marker that OpenTelemetry gives to series which stand for all beyond a limit. */
const OVERFLOW: AttributeSet = Object.freeze({ 'otel.metric.overflow': true });

/**
 * Makes each attribute set once. What is not known beforehand is bounded: past their limits all sources share one
 * overflow set, and all values of an open attribute `_OTHER`.
 */
export class AttributeSets {
  readonly #sets = new Map<string, AttributeSet>();
  readonly #sourceSets = new Set<string>();
  readonly #openValues = new Map<string, Set<string>>();
  #adopted = 0;

  /** @throws RangeError for a value that is not in its attribute's closed set */
  of(
    source: Source | undefined,
    declared: readonly AttributeDeclaration[],
    values: readonly (string | undefined)[],
  ): AttributeSet {
    const set: Record<string, string | number | boolean> = { ...this.#ofSource(source) };
    declared.forEach((attribute, i) => {
      const value = values[i];
      if (value === undefined) return;
      set[attribute.name] = this.#allowed(attribute, value);
    });
    const identity = identityOf(set);
    return this.#sets.get(identity) ?? this.#keep(identity, set);
  }

  /** The set that equals one which was made elsewhere, in another thread say. Past 10,000 new ones all share one. */
  adopt(attributes: AttributeSet): AttributeSet {
    const identity = identityOf(attributes);
    const known = this.#sets.get(identity);
    if (known !== undefined) return known;
    if (this.#adopted >= MAX_ADOPTED_SETS) return OVERFLOW;
    this.#adopted++;
    return this.#keep(identity, { ...attributes });
  }

  #keep(identity: string, set: AttributeSet): AttributeSet {
    const frozen = Object.freeze(set);
    this.#sets.set(identity, frozen);
    return frozen;
  }

  #allowed({ name, values, maxValues }: AttributeDeclaration, value: string): string {
    if (maxValues !== undefined) return this.#bounded(name, value, maxValues);
    requireThat(values.includes(value), name, value, values.join(', '));
    return value;
  }

  #bounded(name: string, value: string, maxValues: number): string {
    const known = this.#openValues.get(name) ?? new Set();
    this.#openValues.set(name, known);
    if (known.has(value)) return value;
    if (known.size >= maxValues) return OTHER_VALUE;
    known.add(value);
    return value;
  }

  #ofSource(source: Source | undefined): AttributeSet {
    if (source === undefined) return {};
    const identity = JSON.stringify(Object.entries(source.attributes).sort());
    if (this.#sourceSets.has(identity)) return source.attributes;
    if (this.#sourceSets.size >= MAX_SOURCE_SETS) return OVERFLOW;
    this.#sourceSets.add(identity);
    return source.attributes;
  }
}

function identityOf(set: AttributeSet): string {
  return JSON.stringify(Object.entries(set).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const setsByRecorder = new WeakMap<Recorder, AttributeSets>();

/** The sets of all that record through `recorder`: the limits hold for them together, and outlive a restart. */
export function attributeSetsOf(recorder: Recorder): AttributeSets {
  const existing = setsByRecorder.get(recorder);
  if (existing !== undefined) return existing;
  const made = new AttributeSets();
  setsByRecorder.set(recorder, made);
  return made;
}
