import { lastPayment, type Claim, type Item } from '../claim/claim.ts';
import { plainAmount } from './money.ts';
import { cumulativeMinor, payableHash } from './payable.ts';
import { staffRoles, type Person, type StaffRole } from '../people/people.ts';
import { refused, type Refused } from '../refusals.ts';
import type { RulePack } from '../rules/pack.ts';

/** Different people who must approve this item's payment, by the claim's cumulative total. */
export const approvalsNeeded = (claim: Claim, item: Item, pack: RulePack): number =>
  pack.review.find(({ upToMinor }) => upToMinor === undefined || cumulativeMinor(claim, item) <= upToMinor)
    ?.approvals ?? 2;

/**
 * May the rules release it without a person? (S34) Never what was sent back or has a changed payee, whatever
 * its size.
 */
export const releasedByRules = (claim: Claim, item: Item, pack: RulePack): boolean =>
  cumulativeMinor(claim, item) <= pack.automatic.payUpToMinor &&
  (item.score?.points ?? Infinity) < pack.automatic.payBelowRisk &&
  item.returned === 0 &&
  lastPayment(item)?.kind !== 'returned';

/** Approvals that hold for the payment exactly as it is now. */
export const standingApprovals = (claim: Claim, item: Item): Item['approvals'] =>
  item.approvals.filter(({ of }) => of === payableHash(claim, item));

const needed = (roles: StaffRole[]): string =>
  roles.length === 1 ? `the role ${roles[0]}` : `one of the roles ${roles.join(', ')}`;

/** An auditor reads every claim and changes none (S13). */
export const rolesThatAct: StaffRole[] = staffRoles.filter((role) => role !== 'auditor');

/** Roles, branch-independent; undefined when the person may. */
export const lacksRole = (person: Person, roles: StaffRole[]): Refused | undefined =>
  person.roles.some((role) => roles.includes(role))
    ? undefined
    : refused(
        'role',
        `This needs ${needed(roles)}; ${person.code} has ${person.roles.join(', ') || 'none'}.`,
      );

/** Whoever is related to the policy or to a party keeps away (S19). */
export const hasConflict = (person: Person, claim: Claim): Refused | undefined =>
  person.conflicts.some((code) => code === claim.policy || code === claim.number)
    ? refused(
        'conflict-of-interest',
        `${person.code} is related to policy ${claim.policy}; somebody else must act.`,
      )
    : undefined;

/**
 * May this person approve the item's payment? Whoever assessed it may not (S18), nobody twice, and the
 * personal limit is
 * measured on the claim's cumulative total.
 */
export function mayNotApprove(person: Person, claim: Claim, item: Item): Refused | undefined {
  if (item.assessment?.by === person.code)
    return refused(
      'segregation',
      `${person.code} assessed ${item.id} and cannot also approve its payment; another reviewer must.`,
    );
  if (item.signedOff.verify?.by === person.code)
    return refused(
      'segregation',
      `${person.code} verified ${item.id} and cannot also approve its payment; another reviewer must.`,
    );
  if (standingApprovals(claim, item).some(({ by }) => by === person.code))
    return refused(
      'approved-before',
      `${person.code} has approved this payment already; the other approval must come from somebody else.`,
    );
  const total = cumulativeMinor(claim, item);
  if (total > (person.limitMinor ?? -1))
    return refused(
      'limit',
      `The claim's total of ${plainAmount({ minor: total, currency: claim.currency })} is above the limit of ${person.code} (${person.limitMinor === undefined ? 'none' : plainAmount({ minor: person.limitMinor, currency: claim.currency })}); somebody with more authority must decide.`,
    );
  return undefined;
}
