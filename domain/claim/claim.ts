import type { Clock } from '../waiting/clock.ts';
import type { Expectation } from '../waiting/expectation.ts';
import type { ClaimNumber, ItemId } from '../ids.ts';
import type { Currency } from '../money/money.ts';
import type {
  Matter,
  Notification,
  NotificationChannel,
  NotificationKind,
} from '../messages/notifications.ts';
import type { Party, PartyId, PartyKind, StaffCode } from '../people/people.ts';
import type { RuleVersions } from '../rules/pack.ts';
import type { SignOffStep, Stage } from '../road/steps.ts';
import type { Instant } from '../time/time.ts';

/** A claim as the fold of its journal. Holds ids, codes, amounts and dates: no personal data. */
export interface Claim {
  number: ClaimNumber;
  line: string;
  jurisdiction: string;
  branch: string;
  currency: Currency;
  /** The parts of its rules, as they were when it was opened. */
  rules: RuleVersions;
  policy: string;
  lossAt: Instant;
  noticedAt: Instant;
  urgency: 'normal' | 'priority';
  handler: StaffCode;
  surveyor: StaffCode;
  parties: Party[];
  acknowledged: boolean;
  cover?: Cover;
  survey?: Survey;
  /** The rules do without one for a loss so small; absent: it is surveyed. */
  surveyWaived?: true;
  documents: Documents;
  items: Item[];
  expectations: Expectation[];
  /** Planned and not yet handed over. */
  outbox: Notification[];
  /** How many of each kind were planned: the next one's sequence. */
  told: Partial<Record<NotificationKind, number>>;
  /** When a party was last told something: decided, and taken by a provider or said on the telephone. */
  heard: Record<PartyId, { planned?: Instant; taken?: Instant }>;
  /** What parties were told, by `paid-1`, and what became of it by each channel. */
  said: Record<string, Saying>;
  /** What a party must hear and no channel brings: somebody calls, and then writes. */
  unreached: { party: PartyId; notification: string }[];
  /** A customer has written to us; whose words they are, the notes have. */
  unanswered: { party: PartyId; note: string }[];
  /** Formal letters that are written and wait for somebody to post them. */
  letters: string[];
  /** What must be cleared up by operations, in words; a repair goes on where it stood. */
  problems: Problem[];
  /** Somebody cancelled the workflow: a handler asks the customer whether that is meant. */
  withdrawalRequested: boolean;
  /** Messages that were taken, newest last and bounded, so that a repeated one changes nothing. */
  handled: string[];
  stage: Stage;
  stageSince: Instant;
  outcome?: ClaimOutcome;
  /** The number of the last journal entry. */
  seq: number;
}

export interface Saying {
  kind: NotificationKind;
  party: PartyId;
  about: Matter;
  decidedAt?: Instant;
  by: Partial<Record<NotificationChannel, Fate>>;
  /** When it first reached them, by a provider's receipt. */
  arrived?: Instant;
  isRepeat?: true;
}

/** `lost`: whether it went out cannot be found out. */
export type Fate = 'sent' | 'delivered' | 'failed' | 'lost';

/** `nothing-payable`: assessed, and nothing of it is to be paid. */
export type ClaimOutcome = 'paid' | 'partly-paid' | 'nothing-payable' | 'refused' | 'withdrawn';

export type Cover =
  | { kind: 'covered'; objects: Record<string, ObjectCover> }
  | { kind: 'not-covered'; clause: string; reasons: string[] };

export interface ObjectCover {
  sumInsuredMinor: number;
  excessMinor: number;
}

export interface Survey {
  by: StaffCode;
  at: Instant;
  onScene: boolean;
}

/** By kind of document; a kind that nobody asked for and nobody brought is absent. */
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
  claimedMinor: number;
  documents: Documents;
  receipt?: { number: string; at: Instant };
  /** Counts the assessments, across returns for rework. */
  assessments: number;
  assessment?: { version: number; amountMinor: number; by: StaffCode; cuts?: AssessedCut[] };
  /** By step: which version of the assessment was signed off, and by whom. */
  signedOff: Partial<Record<SignOffStep, { version: number; by: StaffCode | 'rules' }>>;
  payee?: Payee;
  score?: { of: string; points: number; factors: string[] };
  /** Stands until the payable changes; each approval is bound to the payable's hash. */
  approvals: Approval[];
  refusal?: { clause: string; reasons: string[]; by: StaffCode | 'rules'; confirmedBy?: StaffCode };
  payments: Payment[];
  /** How often it was sent back for rework (S7). */
  returned: number;
  /**
   * The time that the law sets for the decision; absent before the first papers, and where no law sets one.
   */
  clock?: Clock;
  outcome?: ItemOutcome;
}

/** A part of what was claimed that the assessment leaves out, and why (a code of the pack). */
export interface AssessedCut {
  reason: string;
  minor: number;
}

export interface Payee {
  party: PartyId;
  account: string;
  changed: boolean;
}

export interface Approval {
  of: string;
  by: StaffCode | 'rules';
  at: Instant;
}

/** `to` is whom it goes to. */
export type Payment = { id: string; of: string; amountMinor: number; at: Instant; to: PartyId } & (
  | { kind: 'approved' }
  | { kind: 'instructed' }
  | { kind: 'confirmed'; reference: string }
  | { kind: 'returned'; reason: string }
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

export const partyOf = (claim: Claim, id: PartyId): Party | undefined =>
  claim.parties.find((party) => party.id === id);

/** Who hears about the claim as a whole: who holds the policy, else who comes first in the notice of loss. */
export const claimant = (claim: Claim): Party | undefined =>
  claim.parties.find(({ role }) => role === 'policyholder' || role === 'insured') ?? claim.parties[0];

/** When the claimant last heard of us: from then on we are silent. */
export const toldAt = (claim: Claim): Instant =>
  claim.heard[claimant(claim)?.id ?? '']?.taken ?? claim.noticedAt;

/** Whom the item's payment goes to, or went to. */
export const payeeOf = (item: Item): PartyId => item.payee?.party ?? lastPayment(item)?.to ?? item.party;

export const lastPayment = (item: Item): Payment | undefined => item.payments.at(-1);

/** Its money is with the bank, or has been paid. */
export const wasInstructed = (item: Item): boolean =>
  ['instructed', 'confirmed'].includes(lastPayment(item)?.kind ?? '');

export const claimedTotal = (items: { claimedMinor: number }[]): number =>
  items.reduce((sum, item) => sum + item.claimedMinor, 0);
