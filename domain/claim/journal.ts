import type {
  AppointedRole,
  AssessedCut,
  Claim,
  ClaimOutcome,
  Cover,
  Finding,
  HoldWhy,
  ItemOutcome,
  RefusedCover,
  AwayHandler,
} from './claim.ts';
import type { KeptWords } from './fields.ts';
import type { Clock } from '../waiting/clock.ts';
import type { Expectation, Rise } from '../waiting/expectation.ts';
import type { ClaimNumber, ItemId } from '../ids.ts';
import type { Notification, NotificationFacts, LedgerOutcome } from '../messages/notifications.ts';
import type { Mark } from '../people/marks.ts';
import type { Author, PartyId, StaffCode } from '../people/people.ts';
import type { Denial } from '../denial.ts';
import type { ItemStep, ReopenedAt, SignOff } from '../road/steps.ts';
import type { Elsewhere, JoinFinding } from '../money/related.ts';
import type { Proof } from '../signed-payload.ts';
import type { Instant, LocalDate } from '../time/time.ts';

/** The events of a claim. `evolve` is the only code that turns them into state. */
export type Event =
  | ({ kind: 'claim-opened'; source: string; reference: string } & Opening)
  | { kind: 'acknowledged' }
  | { kind: 'cover-checked'; cover: Cover }
  /** Its source could not be asked yet, so cover waits. */
  | { kind: 'policy-awaited' }
  /** `found: no`: its source has no such policy. */
  | { kind: 'policy-changed'; policy: string; found?: 'yes' | 'no' }
  | { kind: 'survey-reported'; onScene: boolean; findings: KeptWords }
  | { kind: 'document-received'; item?: ItemId; document: string; attachment: string }
  | { kind: 'document-accepted'; item?: ItemId; document: string }
  | { kind: 'document-rejected'; item?: ItemId; document: string; reason: string; note?: KeptWords }
  | { kind: 'document-waived'; item?: ItemId; document: string; reason: string }
  | { kind: 'receipt-issued'; item: ItemId; number: string }
  | { kind: 'assessed'; item: ItemId; amountMinor: number; version: number; cuts?: AssessedCut[] }
  | SignOffEvent
  | { kind: 'payee-set'; item: ItemId; party: PartyId; account: Mark; holder?: Mark; changed: boolean }
  | { kind: 'risk-scored'; item: ItemId; of: string; points: number; factors: string[] }
  | { kind: 'approved'; item: ItemId; of: string; totalMinor: number; needs: number }
  /** `giver`: only the approvals of this person. */
  | { kind: 'approval-voided'; item: ItemId; of: string; because: string; giver?: StaffCode }
  /** The payment is dropped with its approvals: its givers did not know what belongs together. */
  | { kind: 'counted-together'; item: ItemId; payment: string }
  /** What the records know of other claims that are counted together with this one. */
  | ({ kind: 'claims-related' } & Elsewhere)
  /** Another claim found this one: the records say what they have in common. */
  | { kind: 'related-claim-named'; other: ClaimNumber }
  | { kind: 'claims-joined'; other: ClaimNumber; finding: JoinFinding; note?: KeptWords }
  | {
      kind: 'payment-approved';
      item: ItemId;
      payment: string;
      of: string;
      amountMinor: number;
      excessMinor: number;
      to: PartyId;
    }
  | { kind: 'payment-instructed'; item: ItemId; payment: string }
  | { kind: 'payment-confirmed'; item: ItemId; payment: string; reference: string }
  /** The item is then held until finance has cleared it. */
  | { kind: 'payment-returned'; item: ItemId; payment: string; reason: string }
  /** The bank contradicts itself about a payment. */
  | { kind: 'payment-held'; item: ItemId; payment: string; why: HoldWhy; reference: string }
  | { kind: 'payment-cleared'; item: ItemId; payment: string; finding: Finding }
  | { kind: 'bank-asked'; payments: string[] }
  | { kind: 'returned-for-rework'; item: ItemId; to: ItemStep; reason: string; documents?: string[] }
  | ({ kind: 'refusal-proposed'; item: ItemId; note?: KeptWords } & RefusedCover)
  | { kind: 'refusal-confirmed'; item: ItemId; note?: KeptWords }
  | { kind: 'withdrawal-requested' }
  | { kind: 'withdrawal-cancelled' }
  | { kind: 'item-concluded'; item: ItemId; outcome: ItemOutcome }
  | { kind: 'claim-closed'; outcome: ClaimOutcome }
  /** `reason` is absent where the bank's word takes it up. */
  | { kind: 'claim-reopened'; reason?: string }
  | ({ kind: 'item-reopened'; item: ItemId; reason: string; note?: KeptWords } & Reopening)
  | { kind: 'appeal-recorded'; item: ItemId; note: KeptWords }
  | { kind: 'decision-kept'; item: ItemId; document: string; note: KeptWords }
  /**
   * `branch`: of somebody from another branch, so that work for other branches can be counted (S10). `left`:
   * the former one has left, and nobody of the staff handed it over.
   */
  | { kind: 'handed-over'; to: StaffCode; role: 'handler' | 'surveyor'; branch?: string; left?: StaffCode }
  /** `isLong`: so long that the customer is notified (S28). */
  | ({ kind: 'handler-away'; isLong: boolean } & AwayHandler)
  | { kind: 'handler-back' }
  | { kind: 'appointed'; to: StaffCode; role: AppointedRole; branch: string; reason: string }
  | ({ kind: 'claim-corrected' } & Correction)
  | {
      kind: 'contact-corrected';
      party: PartyId;
      revision: number;
      reach: { sms: boolean; email: boolean };
      prefers?: 'sms' | 'email';
      /** Of the telephone and the mailbox after the correction. */
      marks: Mark[];
    }
  | { kind: 'note-added'; note: KeptWords }
  | {
      kind: 'call-recorded';
      party: PartyId;
      outcome: CallOutcome;
      promised?: LocalDate | Instant;
      documents?: string[];
    }
  | { kind: 'expectation-opened'; expectation: Expectation }
  | { kind: 'expectation-ended'; expectation: string; how: 'met' | 'withdrawn' }
  | ({ kind: 'rung-taken' } & Rise)
  | { kind: 'promised'; expectation: string; promised: Instant; next: Expectation['next'] }
  | { kind: 'notification-planned'; notification: Notification }
  | {
      kind: 'notification-extended';
      notification: string;
      documents: NonNullable<NotificationFacts['documents']>;
    }
  | { kind: 'notification-ended'; notification: string; outcome: LedgerOutcome }
  | {
      kind: 'delivery-reported';
      notification: string;
      outcome: DeliveryOutcome;
      code?: string;
      arrived: Instant;
    }
  | { kind: 'clock-changed'; clock: 'decision'; item: ItemId; to: Clock }
  | { kind: 'channel-lost'; party: PartyId; channel: 'sms' | 'email'; code: string }
  | { kind: 'channel-restored'; party: PartyId; channel: 'sms' | 'email' }
  | { kind: 'party-unreached'; party: PartyId; notification: string }
  | { kind: 'text-received'; party: PartyId; note: KeptWords }
  | { kind: 'letter-posted'; notification: string }
  | { kind: 'problem-raised'; problem: string; what: string }
  | { kind: 'problem-solved'; problem: string }
  | { kind: 'message-denied'; denial: Denial };

/** A step was signed off. */
export type SignOffEvent = { [K in SignOff]: { kind: K; item: ItemId; version: number } }[SignOff];

/** The state in which a claim starts. */
export type Opening = Pick<
  Claim,
  | 'number'
  | 'line'
  | 'jurisdiction'
  | 'branch'
  | 'currency'
  | 'rules'
  | 'policy'
  | 'cause'
  | 'lossAt'
  | 'noticedAt'
  | 'handler'
  | 'surveyor'
  | 'surveyWaived'
  | 'parties'
> & { items: { id: ItemId; object: string; party: PartyId; vehicle?: Mark; claimedMinor: number }[] };

/** The same with the place of the notice. */
export type FullOpening = Opening & { source: string; reference: string };

/** Where an item stands after it was taken up again; `deciders`: who does not decide it again. */
export interface Reopening {
  to: ReopenedAt;
  deciders?: Author[];
}

/** The correction of a mistyped notice of loss: only the changed fields. */
export interface Correction {
  policy?: string;
  lossAt?: Instant;
  cause?: string;
  item?: { id: ItemId; claimedMinor?: number; vehicle?: Mark };
}

export const callOutcomes = ['reached', 'no-answer', 'busy-will-go-later', 'wrong-number'] as const;
export type CallOutcome = (typeof callOutcomes)[number];

/** The provider's later report about a message that it took. */
export const deliveryOutcomes = ['delivered', 'undelivered', 'bounced'] as const;
export type DeliveryOutcome = (typeof deliveryOutcomes)[number];

/**
 * One line of a claim's journal. `message` is the id of the message that caused it, if any; the first entry
 * of each message has what was received.
 */
export type JournalEntry = Event & {
  seq: number;
  at: Instant;
  by: Author;
  message?: string;
  received?: Received;
};

/** A message as it was received. */
export interface Message {
  id: string;
  /** Who signed it (`senderOf`). Ids belong to their sender. */
  from: string;
  /** The hash of its name and fields: the same id with others is a mistake, never a repeat. */
  content: string;
  /** Absent where nobody signed it. */
  proof?: Proof;
}
export type Received = Omit<Message, 'id'>;
