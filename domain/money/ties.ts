import { marksOf, type Claim } from '../claim/claim.ts';
import type { Currency } from './money.ts';
import { isMarkOf } from '../people/marks.ts';
import type { RulePack } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';

/** By what the records find the claims that are counted together with one. */
export interface Ties {
  /** `policy:P-1` and the keyed marks of accounts and vehicles. */
  marks: string[];
  lossAt: Instant;
  /** How far apart the losses may be, by kind of mark. */
  hours: { policy: number; account: number; vehicle: number };
  /** Claims that a person has found to be of the same loss. */
  joined: string[];
  currency: Currency;
  /** Where the sum insured is for all losses of this policy. */
  wholePolicy: string | null;
}

export function tiesOf(
  claim: Claim,
  { together: { policyHours, accountHours, vehicleHours }, sumInsured }: RulePack,
): Ties {
  const { policy, lossAt, joined, currency } = claim;
  const others = marksOf(claim).filter((mark) => isMarkOf('account', mark) || isMarkOf('vehicle', mark));
  return {
    marks: [`policy:${policy}`, ...others],
    lossAt,
    hours: { policy: policyHours, account: accountHours, vehicle: vehicleHours },
    joined: Object.keys(joined).filter((other) => joined[other] === 'same-loss'),
    currency,
    wholePolicy: sumInsured === 'whole-policy' ? policy : null,
  };
}
