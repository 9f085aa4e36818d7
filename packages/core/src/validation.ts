/**
 * Refuses a programmer's wrong value with a sentence that names the field, the value and what is allowed.
 * @throws RangeError
 */
export function requireThat(holds: boolean, field: string, value: unknown, allowed: string): asserts holds {
  if (!holds) throw new RangeError(`${field} is ${display(value)}; allowed: ${allowed}`);
}

/** `value` as a number from `least` to `most`, or `fallback` when it is undefined. @throws RangeError */
export function numberOption(
  field: string,
  value: number | undefined,
  fallback: number,
  least: number,
  most: number,
): number {
  const chosen = value ?? fallback;
  requireThat(
    typeof chosen === 'number' && chosen >= least && chosen <= most,
    field,
    value,
    `a number from ${least} to ${most} (default ${fallback})`,
  );
  return chosen;
}

/** As {@link numberOption}, for whole numbers. @throws RangeError */
export function integerOption(
  field: string,
  value: number | undefined,
  fallback: number,
  least: number,
  most: number,
): number {
  const chosen = value ?? fallback;
  requireThat(
    Number.isInteger(chosen) && chosen >= least && chosen <= most,
    field,
    value,
    `a whole number from ${least} to ${most} (default ${fallback})`,
  );
  return chosen;
}

/** Refuses a field that nobody knows, such as a misspelt option. @throws RangeError */
export function requireFields(name: string, options: object, known: readonly string[]): void {
  for (const field of Object.keys(options)) {
    requireThat(
      known.includes(field),
      `field of ${name}`,
      field,
      known.join(', ') || 'none, it has no options',
    );
  }
}

function display(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 80 ? `${value.slice(0, 80)}…` : value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return String(value);
}
