import { assertNever } from '../../assert-never.ts';
import { present } from '../../present.ts';
import { returnedTo } from '../../road/road.ts';
import type { Claim } from '../claim.ts';
import { onItem, type Of } from './change.ts';

export const wholeKinds = [
  'acknowledged',
  'survey-reported',
  'claim-corrected',
  'handed-over',
  'handler-away',
  'handler-back',
  'appointed',
  'withdrawal-requested',
  'withdrawal-cancelled',
  'claim-closed',
  'claim-reopened',
  'bank-asked',
  'problem-raised',
  'problem-solved',
  'note-added',
  'message-denied',
] as const;

/** The claim after an entry about the claim as a whole. */
export function afterWhole(claim: Claim, entry: Of<(typeof wholeKinds)[number]>): Claim {
  switch (entry.kind) {
    case 'acknowledged':
      return { ...claim, acknowledged: true };
    case 'survey-reported':
      return { ...claim, survey: { by: entry.by, at: entry.at, onScene: entry.onScene } };
    case 'claim-corrected':
      return corrected(claim, entry);
    case 'handed-over':
      return {
        ...(entry.role === 'handler' ? present({ ...claim, handlerAway: undefined }) : claim),
        [entry.role]: entry.to,
      };
    case 'handler-away':
      return { ...claim, handlerAway: present({ deputy: entry.deputy, until: entry.until }) };
    case 'handler-back':
      return present({ ...claim, handlerAway: undefined });
    case 'appointed':
      return { ...claim, appointed: [...claim.appointed, { to: entry.to, role: entry.role }] };
    case 'withdrawal-requested':
      return { ...claim, withdrawalRequested: true };
    case 'withdrawal-cancelled':
      return { ...claim, withdrawalRequested: false };
    case 'claim-closed':
      return { ...claim, outcome: entry.outcome };
    case 'claim-reopened':
      return reopened(claim);
    case 'bank-asked':
      return { ...claim, bankAskedAt: entry.at };
    case 'problem-raised':
      return {
        ...claim,
        problems: [...claim.problems, { id: entry.problem, what: entry.what, since: entry.at }],
      };
    case 'problem-solved':
      return { ...claim, problems: claim.problems.filter(({ id }) => id !== entry.problem) };
    case 'note-added':
    case 'message-denied':
      return claim;
    default:
      return assertNever(entry);
  }
}

function reopened(claim: Claim): Claim {
  const { outcome: _, ...open } = claim;
  return open;
}

/**
 * Another policy, date or cause of loss, or another vehicle: cover is checked again, and a refusal based on
 * the old ones is cancelled. Under another policy everything is decided again: other people are in conflict
 * with it (S19).
 */
function corrected(
  { policyNews, ...claim }: Claim,
  { policy, lossAt, cause, item }: Of<'claim-corrected'>,
): Claim {
  const { claimedMinor, vehicle } = item ?? {};
  const restated = item ? onItem(claim, item.id, () => present({ claimedMinor, vehicle })) : claim;
  if (!policy && !lossAt && !cause && !vehicle) return { ...restated, ...present({ policyNews }) };
  const isOther = policy !== undefined && policy !== claim.policy;
  return {
    ...restated,
    ...present({ policy, lossAt, cause }),
    formerPolicies: isOther ? [...claim.formerPolicies, claim.policy] : claim.formerPolicies,
    cover: undefined,
    items: restated.items.map((each) =>
      each.outcome ? each : { ...(isOther ? returnedTo('assess', each) : each), refusal: undefined },
    ),
  };
}
