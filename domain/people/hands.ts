import { heldBy, type Claim, type HandOnClaim, type Item, type Payee } from '../claim/claim.ts';
import { validApprovals } from '../money/payable.ts';
import { signOffs } from '../road/steps.ts';
import { partyKinds, type Author, type StaffCode } from './people.ts';

/** What a person may have done before the review that the money for an item rests on. */
export const handsBefore = [
  'filed',
  'corrected',
  'waived',
  'accepted',
  'surveyed',
  'assessed',
  ...Object.values(signOffs),
  'set the payee',
] as const;
export type HandBefore = (typeof handsBefore)[number];

/** The same, with the hands in the decision itself. */
export const hands = [
  ...handsBefore,
  'approved',
  'approved the held payment',
  'proposed the refusal',
  'decided it',
  'decided it before',
] as const;
export type Hand = (typeof hands)[number];

/** The authors who had this hand in what the item's money rests on now; also the process and parties. */
export function handsOn(hand: Hand, claim: Claim, item: Item): Author[] {
  switch (hand) {
    case 'filed':
      return [claim.filedBy];
    case 'surveyed':
      return claim.survey ? [claim.survey.by] : [];
    case 'approved':
      return validApprovals(claim, item).map(({ by }) => by);
    case 'approved the held payment':
      return approversOfHeld(item);
    case 'proposed the refusal':
      return item.refusal ? [item.refusal.by] : [];
    case 'decided it':
      return deciders(item);
    case 'decided it before':
      return item.secondLook?.deciders ?? [];
    default:
      return claim.hands.filter((each) => each.did === hand && counts(each, claim, item)).map(({ by }) => by);
  }
}

/** The members of staff who decided how the item ended; nobody where it was withdrawn. */
export function deciders({ outcome, refusal, assessment, signedOff, approvals }: Item): StaffCode[] {
  if (!outcome || outcome.kind === 'withdrawn') return [];
  const all = [
    refusal?.by,
    refusal?.confirmedBy,
    assessment?.by,
    ...Object.values(signedOff).map(({ by }) => by),
    ...approvals.map(({ by }) => by),
  ];
  return [...new Set(all.filter((by) => by !== undefined).filter(isStaff))];
}

/** The members of staff on whose acts before the review the item's money rests, each once. */
export const staffBehind = (claim: Claim, item: Item): StaffCode[] => [
  ...new Set(handsBefore.flatMap((hand) => handsOn(hand, claim, item)).filter(isStaff)),
];

/** Whether a person ever had a hand in the claim that money rested on, also one that counts no more. */
export const hasHadAHand = ({ filedBy, hands: all, survey, items }: Claim, code: StaffCode): boolean =>
  [
    filedBy,
    survey?.by,
    ...all.map(({ by }) => by),
    ...items.flatMap(({ approvals, refusal, secondLook }) => [
      ...approvals.map(({ by }) => by),
      refusal?.by,
      refusal?.confirmedBy,
      ...(secondLook?.deciders ?? []),
    ]),
  ].includes(code);

/** A member of staff, and not the process, a party, a provider or somebody unknown. */
const isStaff = (author: Author): boolean =>
  !['lipei', 'anybody', ...partyKinds].some((other) => other === author);

/** Documents and payees of before count no more; all who had a hand in those of now do. */
function counts({ did, item: on, of }: HandOnClaim, claim: Claim, item: Item): boolean {
  if (on !== undefined && on !== item.id) return false;
  if (did === 'waived' || did === 'accepted')
    return (on === undefined ? claim : item).documents[of ?? '']?.state === did;
  return did !== 'set the payee' || (item.payee !== undefined && of === payeeMark(item.payee));
}

/** Payee, account and holder in one text. */
export const payeeMark = ({ party, account, holder }: Pick<Payee, 'party' | 'account' | 'holder'>): string =>
  [party, account, ...(holder === undefined ? [] : [holder])].join(' ');

function approversOfHeld(item: Item): StaffCode[] {
  const { payments, approvals } = item;
  const payment = payments.find(({ id }) => id === heldBy(item)?.payment);
  return approvals.filter(({ of }) => of === payment?.of).map(({ by }) => by);
}
