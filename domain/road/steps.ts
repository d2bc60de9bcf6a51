/** The steps of an item, in order. */
export const itemSteps = [
  'documents',
  'receipt',
  'assess',
  'verify',
  'payee',
  'score',
  'review',
  'pay',
  'confirm',
  'conclude',
] as const;
export type ItemStep = (typeof itemSteps)[number];

/** The steps of the claim as a whole before its items part. */
export const claimSteps = ['acknowledge', 'cover', 'survey'] as const;
export type ClaimStep = (typeof claimSteps)[number];

export type Stage = ClaimStep | ItemStep | 'closed';

/** In the order of the road: where a claim stands is where its least advanced open item stands. */
export const stages: readonly Stage[] = [...claimSteps, ...itemSteps, 'closed'];
