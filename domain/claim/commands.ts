import type { HumanAct } from './acts.ts';
import type { ReportCommand } from './reports.ts';
import type { ItemId } from '../ids.ts';
import type { NotificationOutcome } from '../messages/notifications.ts';
import type { Person } from '../people/people.ts';
import type { Instant } from '../time/time.ts';

/** Commands of the process itself; they have no author. */
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

/** A person's act, with the person's authority of today and the time at which the proof was issued. */
export type HumanCommand = HumanAct & { person: Person; issuedAt: Instant };

export type Command = (ProcessCommand | ReportCommand | HumanCommand) & { message?: string };

/** A policy as on record on the date of loss. */
export interface PolicyFacts {
  number: string;
  line: string;
  from: Instant;
  to: Instant;
  objects: Record<string, { sumInsuredMinor: number; excessMinor: number }>;
}
