/** At q = 0.5 the median; of an even number of values the lower one of the two in the middle. */
export const quantile = (values: number[], q: number): number =>
  values.toSorted((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor(q * (values.length - (q === 0.5 ? 1 : 0))))
  ] ?? Number.NaN;

export const median = (values: number[]): number => quantile(values, 0.5);
