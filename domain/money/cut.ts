/** The rules that reduce the claimed amount. `share`: what the policy leaves to the insured of the loss. */
const cutRules = ['assessment', 'not-covered', 'excess', 'share', 'sum-insured'] as const;

export interface Cut {
  rule: (typeof cutRules)[number];
  /** For a cut of the assessment: its reason, a code of the pack. */
  reason?: string;
  /** Negative where the assessed amount is above the claimed amount. */
  minor: number;
}
