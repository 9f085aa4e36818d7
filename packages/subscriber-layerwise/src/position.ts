/** The first layer has nothing to hide behind: it is kept apart from the rest. */
export function positionOf(first: boolean): 'first' | 'rest' {
  return first ? 'first' : 'rest';
}
