/**
 * The sides of the comparison: the yardstick, whose length never changes; a workflow with the claim's history
 * and no claim in it; the claim whose effects do nothing; and the claim with its effects.
 */
export const sides = ['yardstick', 'bare', 'no effects', 'real effects'] as const;
export type Side = (typeof sides)[number];
