import type { Offset } from '../time/calendar.ts';
import type { AssessedCut } from './claim.ts';
import type { CallOutcome, Correction, ReceiptOutcome } from './journal.ts';
import type { ItemId } from '../ids.ts';
import type { NotificationOutcome, UndeliverableWhy } from '../messages/notifications.ts';
import type { PartyId, Person, StaffCode } from '../people/people.ts';
import type { ItemStep, SignOffStep } from '../road/steps.ts';
import type { Instant, LocalDate } from '../time/time.ts';

/** What the process itself does; nobody is its author. */
export type ProcessCommand =
  | { kind: 'acknowledge' }
  | { kind: 'check-cover'; policy: PolicyFacts | undefined }
  | { kind: 'take-rungs' }
  | { kind: 'issue-receipt'; item: ItemId }
  | { kind: 'verify-by-rules'; item: ItemId }
  | { kind: 'take-payee'; item: ItemId }
  | { kind: 'score'; item: ItemId }
  | { kind: 'review-by-rules'; item: ItemId }
  | { kind: 'payment-instructed'; item: ItemId; payment: string }
  | { kind: 'request-withdrawal' }
  | { kind: 'conclude'; item: ItemId }
  | { kind: 'close' }
  | { kind: 'notification-ended'; notification: string; outcome: NotificationOutcome }
  | { kind: 'raise-problem'; problem: string; what: string }
  | { kind: 'solve-problem'; problem: string };

/** Facts that come from outside and have no author. */
export type FactCommand =
  | { kind: 'document-arrived'; item?: ItemId; document: string; attachment: string }
  | { kind: 'bank-confirmed'; payment: string; reference: string }
  | { kind: 'bank-returned'; payment: string; reason: string }
  /**
   * `why` is absent where the same words may get through another time, `again` says after how long; `arrived`
   * is when the provider says that it happened.
   */
  | {
      kind: 'receipt';
      notification: string;
      outcome: ReceiptOutcome;
      arrived: Instant;
      code?: string;
      why?: UndeliverableWhy;
      again?: Offset;
    }
  | {
      kind: 'contact-turned-out';
      party: PartyId;
      channel: 'sms' | 'email';
      standing: 'lost' | 'restored';
      code: string;
    }
  | { kind: 'text-arrived'; party: PartyId; note: string };

/** What people do, by update; each carries a proof that an activity has verified. */
export type HumanAct =
  | { kind: 'add-document'; item?: ItemId; document: string; attachment: string }
  | { kind: 'accept-document'; item?: ItemId; document: string }
  | { kind: 'reject-document'; item?: ItemId; document: string; reason: string }
  | { kind: 'waive-document'; item?: ItemId; document: string }
  | { kind: 'report-survey'; onScene: boolean; report?: string }
  | { kind: 'assess'; item: ItemId; amountMinor: number; cuts?: AssessedCut[] }
  | { kind: SignOffStep; item: ItemId; version: number }
  | { kind: 'approve'; item: ItemId; of: string }
  | { kind: 'return-for-rework'; item: ItemId; to: ItemStep; reason: string; documents?: string[] }
  | { kind: 'refuse'; item: ItemId; clause: string; reasons: string[] }
  | { kind: 'change-payee'; item: ItemId; party: PartyId; account: string }
  | {
      kind: 'record-call';
      party: PartyId;
      outcome: CallOutcome;
      promised?: LocalDate | Instant;
      documents?: string[];
    }
  | { kind: 'hand-over'; to: StaffCode; role: 'handler' | 'surveyor' }
  | { kind: 'withdraw'; item?: ItemId }
  | { kind: 'keep-open' }
  | ({ kind: 'correct-notice' } & Correction)
  | {
      kind: 'correct-contact';
      party: PartyId;
      revision: number;
      reach: { sms: boolean; email: boolean };
      prefers?: 'sms' | 'email';
    }
  | { kind: 'note'; note: string }
  | { kind: 'post-letter'; notification: string }
  | { kind: 'resend'; notification: string; party: PartyId }
  | { kind: 'retry'; problem?: string };

/** A person's act as it reaches a decision: who, with today's authority, and when the proof was issued. */
export type HumanCommand = HumanAct & { person: Person; issuedAt: Instant };

export type Command = (ProcessCommand | FactCommand | HumanCommand) & { message?: string };

/** What the records say about a policy on the date of loss. */
export interface PolicyFacts {
  number: string;
  line: string;
  from: Instant;
  to: Instant;
  objects: Record<string, { sumInsuredMinor: number; excessMinor: number }>;
}
