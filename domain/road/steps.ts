/** The steps of an item, in order. Each has its row in the road (`road.ts`). */
export const itemSteps = [
  'documents',
  'receipt',
  'assess',
  'verify',
  'payee',
  'clear',
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

export const isStep = (name: string): name is ClaimStep | ItemStep =>
  [...claimSteps, ...itemSteps].some((step) => step === name);

/** How an item ends. */
export const itemEnds = ['paid', 'nothing-payable', 'refused', 'withdrawn'] as const;
export type ItemEnd = (typeof itemEnds)[number];

/** Where an item is taken up again after its end. */
export const reopenedAt = ['where-it-stood', 'assess', 'review'] as const;
export type ReopenedAt = (typeof reopenedAt)[number];

export type Stage = ClaimStep | ItemStep | 'closed';

/** In the order of the road: where a claim stands is where its least advanced open item stands. */
export const stages: readonly Stage[] = [...claimSteps, ...itemSteps, 'closed'];

/**
 * Steps that one person takes by signing off on the assessment as it is, and what the journal calls it.
 * Another assessment needs another signature.
 */
export const signOffs = { verify: 'verified' } as const satisfies Partial<Record<ItemStep, string>>;
export type SignOffStep = keyof typeof signOffs;
export const isSignOffStep = (name: string): name is SignOffStep => name in signOffs;
export type SignOff = (typeof signOffs)[SignOffStep];

/** The steps from one to another, both included. */
export const stepsBetween = (first: ItemStep, last: ItemStep): ItemStep[] =>
  itemSteps.slice(itemSteps.indexOf(first), itemSteps.indexOf(last) + 1);
