import type { ClaimNumber } from '../ids.ts';
import type { Instant } from '../time/time.ts';

/**
 * What ties two claims: the same policy, account or vehicle, with losses within the hours of the rules.
 * `person`: who claims is the same; then a policy that covers many people ties too, and only then. `joined`:
 * a person has found that both are of the same loss.
 */
export const ties = ['policy', 'person', 'account', 'vehicle', 'joined'] as const;
export type Tie = (typeof ties)[number];

/** Amounts of a claim for one insured object, in minor units. */
export interface Stake {
  /** The larger of what is claimed and assessed; 0 for what was refused or withdrawn. */
  stakeMinor: number;
  /** The payments that the bank may have. */
  paidMinor: number;
  /** The excess that those payments have taken. */
  excessMinor: number;
}

/** Another claim that is counted together with this one, as the records have it. */
export interface RelatedClaim {
  claim: ClaimNumber;
  why: Tie[];
  closedAt?: Instant;
  /** By the key of the insured object. */
  objects: Record<string, Stake>;
}

export interface MoreRelated {
  claims: number;
  minor: number;
}

/** What the records know beside the claim itself, and its money depends on. */
export interface Elsewhere {
  /** In the order of their numbers; no more than the rules say: those of the same loss, and the nearest. */
  related: RelatedClaim[];
  /** How many further claims are tied, and what they are about or were paid, in minor units. */
  moreRelated?: MoreRelated;
  /**
   * What all other claims of the policy were paid, by insured object, whenever their loss was. Empty where
   * the sum insured is for each loss.
   */
  policyPaid: Record<string, number>;
}

/** What a person found out about two claims that may be of one loss. */
export const joinFindings = ['same-loss', 'another-loss'] as const;
export type JoinFinding = (typeof joinFindings)[number];
