import type { AttributeSet, MetricDeclaration, Report } from '@kvscope/core';
import type { FastRecorder } from '../fast-recorder.js';

/** Values that stand until they are replaced, reported at each collection. */
export class Standing {
  readonly #recorder: FastRecorder;
  readonly #declarations = new Map<string, MetricDeclaration>();
  readonly #values = new Map<string, Map<AttributeSet, number>>();
  #stop = (): void => undefined;

  constructor(recorder: FastRecorder) {
    this.#recorder = recorder;
  }

  /** Forgets all values: those that come next are all there are. */
  begin(): void {
    for (const values of this.#values.values()) values.clear();
  }

  set(name: string, declaration: MetricDeclaration, attributes: AttributeSet, value: number): void {
    this.#of(name, declaration).set(attributes, value);
  }

  add(name: string, declaration: MetricDeclaration, attributes: AttributeSet, amount: number): void {
    const values = this.#of(name, declaration);
    values.set(attributes, (values.get(attributes) ?? 0) + amount);
  }

  /** Reports no more. */
  end(): void {
    this.#stop();
    this.#values.clear();
  }

  #of(name: string, declaration: MetricDeclaration): Map<AttributeSet, number> {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const made = new Map<AttributeSet, number>();
    this.#values.set(name, made);
    this.#declarations.set(name, declaration);
    this.#stop();
    const metrics = Object.fromEntries(this.#declarations);
    this.#stop = this.#recorder.observe(metrics, (report) => this.#report(report));
    return made;
  }

  #report(report: Report): void {
    for (const [name, values] of this.#values) {
      for (const [attributes, value] of values) report(name, value, attributes);
    }
  }
}
