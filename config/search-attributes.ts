/**
 * The search attributes of a claim for the Temporal Web UI, by name and type. They are not encrypted: only
 * codes, enums, dates and sums. A namespace has room for 10 keywords and for 3 of each other type.
 */
export const searchAttributes = {
  ClaimStage: 'Keyword',
  ClaimLine: 'Keyword',
  ClaimHandler: 'Keyword',
  ClaimUrgency: 'Keyword',
  ClaimBranch: 'Keyword',
  ClaimProblem: 'Keyword',
  /** The number of the last stored entry of the journal, and the beginning of its hash. */
  ClaimHead: 'Keyword',
  ClaimWaitingOn: 'KeywordList',
  ClaimMissingDocuments: 'KeywordList',
  ClaimNextActionAt: 'Datetime',
  ClaimStageSince: 'Datetime',
  ClaimAmount: 'Int',
  ClaimNeedsReview: 'Bool',
} as const;
