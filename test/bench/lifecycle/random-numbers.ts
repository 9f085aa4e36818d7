/** Whole numbers of 32 bits that look random and are the same each time; Numerical Recipes' generator. */
export function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}
