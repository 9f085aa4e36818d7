import { type DistributionState, quantileOf, type ViewState, verdictOf } from '@kvscope/trace/viewer';

/** A frame for machines: the state with its distributions as figures, and the verdict. Milliseconds and bytes. */
export function viewAsJson(view: ViewState): unknown {
  const { state, ...rest } = view;
  return {
    ...rest,
    rates: rest.rates ?? null,
    connections: rest.connections ?? null,
    verdict: (state && verdictOf(state)) ?? null,
    state: state === undefined ? null : withFigures(state),
  };
}

function withFigures(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withFigures);
  if ('buckets' in value) return figures(value as DistributionState);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withFigures(part)]));
}

function figures(distribution: DistributionState) {
  const { count, sum, min, max } = distribution;
  if (count === 0) return { count, sum };
  return { count, sum, min, max, p50: quantileOf(distribution, 0.5), p99: quantileOf(distribution, 0.99) };
}
