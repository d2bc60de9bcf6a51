/**
 * What is compared: the claim with its effects, the claim whose effects do nothing, and a workflow with the
 * same history and no claim in it.
 */
export const sides = ['bare', 'no effects', 'real effects'] as const;
export type Side = (typeof sides)[number];
