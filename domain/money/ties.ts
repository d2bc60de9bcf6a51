import { marksOf, type Claim } from '../claim/claim.ts';
import type { Currency } from './money.ts';
import { isMarkOf } from '../people/marks.ts';
import type { RulePack } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';

/** By what the records find the claims that are counted together with one. */
export interface Ties {
  /** `policy:P-1`, marks of a person under the policy, and the keyed marks of accounts and vehicles. */
  marks: string[];
  lossAt: Instant;
  /** How far apart the losses may be, by kind of mark. A kind that is absent ties nothing by itself. */
  hours: { policy?: number; person?: number; account: number; vehicle: number };
  /** Claims that a person has found to be of the same loss. */
  joined: string[];
  /** How many claims are listed; of further ones the records give their number and sum. */
  atMost: number;
  currency: Currency;
  /** Where the sum insured is for all losses of this policy. */
  wholePolicy: string | null;
}

export function tiesOf(claim: Claim, { together, sumInsured }: RulePack): Ties {
  const { policyCovers, policyHours, accountHours, vehicleHours, atMost } = together;
  const { policy, lossAt, joined, currency } = claim;
  const ofMany = policyCovers === 'many-people';
  const others = marksOf(claim).filter((mark) => isMarkOf('account', mark) || isMarkOf('vehicle', mark));
  return {
    marks: [`policy:${policy}`, ...(ofMany ? personMarks(claim) : []), ...others],
    lossAt,
    hours: {
      ...(ofMany ? { person: policyHours } : { policy: policyHours }),
      account: accountHours,
      vehicle: vehicleHours,
    },
    joined: Object.keys(joined).filter((other) => joined[other] === 'same-loss'),
    atMost,
    currency,
    wholePolicy: sumInsured === 'whole-policy' ? policy : null,
  };
}

/**
 * Who claims an item, under this policy: `person:P-1:email:…`, with each telephone, mailbox and account that
 * the party has or once had. Parties without any of these count as one person, `person:P-1:unknown`: the
 * place of the loss has no mark that could part them.
 */
function personMarks({ policy, parties, items }: Claim): string[] {
  const claiming = new Set(items.map(({ party }) => party));
  const marks = parties
    .filter(({ id }) => claiming.has(id))
    .flatMap((party) => (party.marks.length > 0 ? party.marks : ['unknown']));
  return [...new Set(marks.map((mark) => `person:${policy}:${mark}`))];
}
