import type { Clock } from '../waiting/clock.ts';
import type { Expectation } from '../waiting/expectation.ts';
import type { ClaimNumber, ItemId } from '../ids.ts';
import type { Currency } from '../money/money.ts';
import type { InsuredObject } from '../money/policy.ts';
import type { JoinFinding, MoreRelated, RelatedClaim } from '../money/related.ts';
import type {
  Matter,
  Notification,
  NotificationChannel,
  NotificationKind,
} from '../messages/notifications.ts';
import type { Mark } from '../people/marks.ts';
import type { Author, Party, PartyId, PartyKind, StaffCode } from '../people/people.ts';
import type { RuleVersions } from '../rules/pack.ts';
import type { SignOff, SignOffStep, Stage } from '../road/steps.ts';
import type { Instant, LocalDate } from '../time/time.ts';

/**
 * A claim as the fold of its journal. It holds ids, codes, amounts and dates, and no name, number or address
 * of a party, nor words that anybody typed.
 */
/** Who stands in for a handler who is away, and the last day of it where it is known. */
export interface AwayHandler {
  deputy?: StaffCode;
  until?: LocalDate;
}

export interface Claim {
  number: ClaimNumber;
  line: string;
  jurisdiction: string;
  branch: string;
  currency: Currency;
  /** The versions of its rules at its opening. */
  rules: RuleVersions;
  policy: string;
  /** The cause of the loss, a code of the line; absent: nobody has said it. */
  cause?: string;
  /** Those that the notice named before a correction: who is related to one of them stays kept away (S19). */
  formerPolicies: string[];
  lossAt: Instant;
  noticedAt: Instant;
  /** Follows from what the whole loss is about. */
  urgency: 'normal' | 'priority';
  handler: StaffCode;
  /** Of a major claim: the handler is away (S28). */
  handlerAway?: AwayHandler;
  surveyor: StaffCode;
  /** Who filed the notice; `anybody`: it was started by hand, and the rules alone release nothing. */
  filedBy: Author;
  /** What else members of staff did that money rests on, for ever, each once (`people/hands.ts`). */
  hands: HandOnClaim[];
  /** People of other branches who were appointed to this claim by a superior. */
  appointed: { to: StaffCode; role: AppointedRole }[];
  parties: Party[];
  acknowledged: boolean;
  cover?: Cover;
  /** What was reported about the policy since cover was checked. */
  policyNews?: PolicyNews;
  survey?: Survey;
  /** True where the rules need no survey for so small a loss; absent: the claim is surveyed. */
  surveyWaived?: true;
  documents: Documents;
  items: Item[];
  expectations: Expectation[];
  /** Planned notifications that are not sent yet. */
  outbox: Notification[];
  /** The number of the last planned notification of each kind. */
  sent: Partial<Record<NotificationKind, number>>;
  /**
   * When a party last had a message planned, and when a provider last took one or a call reached the party.
   */
  lastContact: Record<PartyId, { planned?: Instant; taken?: Instant }>;
  /** The notifications to parties, by keys such as `paid-1`, with their delivery state on each channel. */
  deliveries: Record<string, Delivery>;
  /** Mandatory notifications that no channel delivers: somebody calls, and then a letter is written. */
  unreached: { party: PartyId; notification: string }[];
  /** Texts of customers that wait for an answer; the notes hold the words. */
  unanswered: { party: PartyId; note: string }[];
  /** Formal letters that wait for somebody to post them. */
  letters: string[];
  /** Problems for operations. After a repair the claim resumes at the blocked step. */
  problems: Problem[];
  /** Other claims that are counted together with this one, as the records had them last. */
  related: RelatedClaim[];
  /** Those beyond the most that the rules list. */
  moreRelated?: MoreRelated;
  /** What other claims of the policy were paid, where the sum insured is for the whole policy. */
  policyPaid: Record<string, number>;
  /** What people found out about other claims. */
  joined: Record<ClaimNumber, JoinFinding>;
  /** When people last had the bank asked. */
  bankAskedAt?: Instant;
  /** Somebody cancelled the workflow: a handler asks the customer whether to withdraw. */
  withdrawalRequested: boolean;
  /**
   * Handled messages by `handledKey`: a repeated message changes nothing. Reports are remembered for ever,
   * acts until long after their proof is stale.
   */
  handled: Record<string, { content: string; until?: Instant }>;
  stage: Stage;
  stageSince: Instant;
  outcome?: ClaimOutcome;
  /** The number of the last journal entry. */
  seq: number;
}

/** One act of a person that money rests on. `of`: the kind of document, or payee and account. */
export interface HandOnClaim {
  did: 'corrected' | 'waived' | 'accepted' | 'assessed' | SignOff | 'set the payee';
  by: Author;
  /** Absent: the whole claim rests on it. */
  item?: ItemId;
  of?: string;
}

/** What somebody of another branch may be appointed as; a survey is handed over. */
export const appointedRoles = ['handler', 'verifier', 'reviewer', 'supervisor', 'manager'] as const;
export type AppointedRole = (typeof appointedRoles)[number];

export interface Delivery {
  kind: NotificationKind;
  party: PartyId;
  about: Matter;
  decidedAt?: Instant;
  by: Partial<Record<NotificationChannel, DeliveryState>>;
  /** When it first reached the party, by a delivery report. */
  arrived?: Instant;
  isRepeat?: true;
}

/** `lost`: nobody can find out whether it was sent. */
export type DeliveryState = 'sent' | 'delivered' | 'failed' | 'lost';

/** `nothing-payable`: assessed, and the payable amount is zero. */
export const claimOutcomes = ['paid', 'partly-paid', 'nothing-payable', 'refused', 'withdrawn'] as const;
export type ClaimOutcome = (typeof claimOutcomes)[number];

/**
 * What the policy says of the loss, as it was checked last. `version`: of the policy in the book; absent
 * where there is no policy.
 */
export type Cover = {
  version?: number;
  /** The wording that the policy refers to. */
  wording?: string;
  /** Parties that the policy does not know; absent: none, or the book knows nobody of the policy. */
  strangers?: PartyId[];
} & (
  | {
      kind: 'covered';
      /** The insured objects of the items, by the key that amounts are counted under. */
      objects: Record<string, InsuredObject>;
      /** Absent for an item: it is covered under the key of its own object. */
      items?: Record<ItemId, ItemCover>;
    }
  | ({ kind: 'not-covered' } & RefusedCover)
);

/** `insured`: under another key, or with what nobody knows yet. */
export type ItemCover =
  { kind: 'insured'; as: string; unclear?: Unclear[] } | ({ kind: 'refused' } & RefusedCover);

/** A refusal by the policy's own words. `term`: the number of a special term. */
export interface RefusedCover {
  clause: string;
  reasons: string[];
  term?: string;
}

/**
 * What the notice does not say, and the policy makes a difference of: which of several insured things, or the
 * cause of the loss.
 */
export const unclear = ['object-unclear', 'cause-unknown'] as const;
export type Unclear = (typeof unclear)[number];

/**
 * `awaited`: its source could not be asked yet. `not-found`: the source has no such policy. `changed`: cover
 * is to be checked anew. `seq`: of the entry that says so.
 */
export interface PolicyNews {
  what: (typeof policyNews)[number];
  seq: number;
}

export const policyNews = ['awaited', 'not-found', 'changed'] as const;

export interface Survey {
  by: StaffCode;
  at: Instant;
  onScene: boolean;
}

/** By kind of document; a kind that was neither requested nor received is absent. */
export type Documents = Record<string, Document>;

export type Document =
  | { state: 'received'; attachments: string[]; at: Instant }
  | { state: 'accepted'; attachments: string[]; by: StaffCode }
  | { state: 'rejected'; reason: string; at: Instant }
  | { state: 'waived'; by: StaffCode };

export interface Item {
  id: ItemId;
  object: string;
  party: PartyId;
  /** Where the notice names the plate. */
  vehicle?: Mark;
  claimedMinor: number;
  documents: Documents;
  receipt?: { number: string; at: Instant };
  /** Counts the assessments, across returns for rework. */
  assessments: number;
  assessment?: { version: number; amountMinor: number; by: StaffCode; cuts?: AssessedCut[] };
  /** By step: the signed-off version of the assessment, and the person. */
  signedOff: Partial<Record<SignOffStep, { version: number; by: StaffCode | 'rules' }>>;
  payee?: Payee;
  score?: { of: string; points: number; factors: string[] };
  /** Valid until the payable amount changes: each approval is bound to the hash of the payment. */
  approvals: Approval[];
  refusal?: RefusedCover & { by: StaffCode | 'rules'; confirmedBy?: StaffCode };
  payments: Payment[];
  /** By payment. Nothing is paid until finance has cleared each. */
  holds: Hold[];
  /** How often it was returned for rework (S7). */
  returned: number;
  /** The law's time limit for the decision; absent before the first papers, and where no law sets one. */
  clock?: Clock;
  outcome?: ItemOutcome;
  endedAt?: Instant;
  /** The customer disagrees with its end: a supervisor takes it up again. `note` holds the words. */
  appeal?: { note: string };
  /** It came after a decision that leaves something unpaid: a supervisor says whether it changes that. */
  lateDocument?: string;
  /** It was decided before, and is decided anew. */
  secondLook?: SecondLook;
}

export interface SecondLook {
  /** A code of the pack. */
  reason: string;
  at: Instant;
  /** They decided before, and do not decide again (S22). */
  deciders: Author[];
  /** The payments that it was paid with before. What is payable now is paid beside them. */
  payments: string[];
}

/** A part of the claimed amount that the assessment leaves out, and its reason (a code of the pack). */
export interface AssessedCut {
  reason: string;
  minor: number;
}

export interface Payee {
  party: PartyId;
  account: Mark;
  /** Where it is not the party's own, or that of the notice. */
  holder?: Mark;
  changed: boolean;
}

export interface Approval {
  of: string;
  by: StaffCode | 'rules';
  at: Instant;
}

/**
 * Why a payment holds its item: the bank returned it, has it already, or contradicts itself. `reference` is
 * that of a confirmation after a return.
 */
export interface Hold {
  payment: string;
  why: HoldWhy;
  since: Instant;
  reference?: string;
}

export const holdWhys = ['returned', 'duplicate', 'confirmed-after-return', 'two-references'] as const;
export type HoldWhy = (typeof holdWhys)[number];

/** What finance found out about a payment that holds its item. */
export const findings = ['paid-once', 'paid-twice', 'not-paid', 'account-wrong', 'duplicate'] as const;
export type Finding = (typeof findings)[number];

/**
 * `to` is the payee. `disputed`: the bank has returned and confirmed it. `dropped`: never sent, because an
 * approval fell at the gate.
 */
export type Payment = {
  id: string;
  of: string;
  amountMinor: number;
  /** The excess that was taken off. */
  excessMinor: number;
  at: Instant;
  to: PartyId;
} & (
  | { kind: 'approved' }
  | { kind: 'instructed' }
  | { kind: 'confirmed'; reference: string }
  | { kind: 'returned'; reason: string }
  | { kind: 'disputed'; reason: string; reference: string }
  | { kind: 'dropped' }
);

export type ItemOutcome =
  | { kind: 'paid'; amountMinor: number; reference: string }
  | { kind: 'nothing-payable' }
  | { kind: 'refused'; clause: string; reasons: string[] }
  | { kind: 'withdrawn'; by: PartyKind | StaffCode };

export interface Problem {
  id: string;
  /** In words of the business: "the bank cannot be reached". */
  what: string;
  since: Instant;
}

export const itemOf = (claim: Claim, id: ItemId): Item | undefined =>
  claim.items.find((item) => item.id === id);

/** Everything that the claim has or once had: each party's accounts, telephones and mailboxes; vehicles. */
export const marksOf = ({ parties, items }: Pick<Claim, 'parties' | 'items'>): Mark[] => [
  ...new Set([...parties.flatMap(({ marks }) => marks), ...items.flatMap(({ vehicle }) => vehicle ?? [])]),
];

export const partyOf = (claim: Claim, id: PartyId): Party | undefined =>
  claim.parties.find((party) => party.id === id);

/**
 * The party that gets messages about the whole claim: the policyholder or insured, else the first party of
 * the notice of loss.
 */
export const claimant = (claim: Claim): Party | undefined =>
  claim.parties.find(({ role }) => role === 'policyholder' || role === 'insured') ?? claim.parties[0];

/** The last contact with the claimant. */
export const lastContactAt = (claim: Claim): Instant =>
  claim.lastContact[claimant(claim)?.id ?? '']?.taken ?? claim.noticedAt;

/** The party that the item's payment goes to, or went to. */
export const payeeOf = (item: Item): PartyId => item.payee?.party ?? lastPayment(item)?.to ?? item.party;

export const lastPayment = (item: Item): Payment | undefined => item.payments.at(-1);

/** What finance clears first: a doubt whether it was paid comes before a plain return. */
export const heldBy = ({ holds }: Pick<Item, 'holds'>): Hold | undefined =>
  holds.find(({ why }) => why !== 'returned') ?? holds[0];

/** The payment whose order the bank has, or that it has paid since the last look. There is at most one. */
export function paymentAtBank(item: Item): Payment | undefined {
  const before = paidBefore(item);
  return item.payments.find(
    (each) => each.kind === 'instructed' || (each.kind === 'confirmed' && !before.includes(each)),
  );
}

/**
 * What was paid before the item was taken up again. Once one of those payments comes back, all that the bank
 * has paid since counts with them, and the rest is paid again.
 */
export function paidBefore({ payments, secondLook }: Pick<Item, 'payments' | 'secondLook'>): Payment[] {
  if (!secondLook) return [];
  const isOfBefore = ({ id }: Payment): boolean => secondLook.payments.includes(id);
  const cameBack = payments.some((each) => isOfBefore(each) && each.kind !== 'confirmed');
  return payments.filter(
    (each) =>
      (isOfBefore(each) && (each.kind === 'confirmed' || each.kind === 'disputed')) ||
      (cameBack && each.kind === 'confirmed'),
  );
}

/** The bank has the payment order, or has paid. */
export const wasInstructed = (item: Item): boolean => paymentAtBank(item) !== undefined;

export const claimedTotal = (items: { claimedMinor: number }[]): number =>
  items.reduce((sum, item) => sum + item.claimedMinor, 0);
