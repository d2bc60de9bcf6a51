/** The rules by which less is paid than was claimed. */
const cutRules = ['assessment', 'not-covered', 'excess', 'sum-insured'] as const;

export interface Cut {
  rule: (typeof cutRules)[number];
  /** Of the assessment: why, in a code of the pack. */
  reason?: string;
  /** Less than nothing where more was assessed than was claimed. */
  minor: number;
}
