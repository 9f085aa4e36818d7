/** An object without the fields that are undefined. */
export function definedOnly<T extends object>(given: T): { [F in keyof T]?: Exclude<T[F], undefined> } {
  const defined = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as { [F in keyof T]?: Exclude<T[F], undefined> };
}
