import { isOpenAct, type HumanAct, type OpenActName } from './acts.ts';
import { denied, type Denied } from '../denial.ts';
import type { Message } from './journal.ts';
import type { ReportCommand } from './reports.ts';
import type { ItemId } from '../ids.ts';
import type { PolicyFacts } from '../money/policy.ts';
import type { Elsewhere } from '../money/related.ts';
import type { LedgerOutcome } from '../messages/notifications.ts';
import type { Person, StaffCode } from '../people/people.ts';
import type { Untaken } from './problems.ts';
import type { Instant } from '../time/time.ts';

/** Commands of the process itself; they have no author. */
export type ProcessCommand =
  | { kind: 'acknowledge' }
  | { kind: 'check-cover'; policy: PolicyFacts | undefined }
  /** Neither the book nor its source has said of the policy yet. */
  | { kind: 'wait-for-policy' }
  | { kind: 'take-rungs' }
  | { kind: 'issue-receipt'; item: ItemId }
  | { kind: 'verify-by-rules'; item: ItemId }
  | { kind: 'take-payee'; item: ItemId }
  | { kind: 'score'; item: ItemId }
  | { kind: 'review-by-rules'; item: ItemId }
  | { kind: 'payment-instructed'; item: ItemId; payment: string }
  /** The gate did not accept the approvals of these people. */
  | { kind: 'void-approvals'; item: ItemId; payment: string; by: StaffCode[]; because: string }
  /** The records know other claims, or other amounts of them, than the claim does. */
  | { kind: 'relate'; elsewhere: Elsewhere }
  /** With them the payment cannot leave as it was approved. */
  | { kind: 'count-together'; item: ItemId; payment: string; elsewhere: Elsewhere }
  | { kind: 'conclude'; item: ItemId }
  | { kind: 'close' }
  | { kind: 'notification-ended'; notification: string; outcome: LedgerOutcome }
  | { kind: 'raise-problem'; problem: string; what: string }
  | { kind: 'solve-problem'; problem: string }
  | { kind: 'know-staffing'; nobody: Untaken[] };

/** A person's act, with the person's authority of today and the time at which the proof was issued. */
export type HumanCommand = HumanAct & { person: Person; issuedAt: Instant };

/** An act that anybody may send who reaches the engine: nobody signed it. */
export type OpenCommand = Extract<HumanAct, { kind: OpenActName }>;

/** The same act without its author, if anybody may send it. */
export const openCommand = (
  act: HumanAct,
  message: Message,
): (OpenCommand & { message: Message }) | Denied =>
  isOpen(act) ? { ...act, message } : denied('no-proof', `"${act.kind}" needs a proof of its sender.`);

const isOpen = (act: HumanAct): act is OpenCommand => isOpenAct(act.kind);

/** A command, with the message that it came in, if any. */
export type Command = (ProcessCommand | ReportCommand | HumanCommand | OpenCommand) & { message?: Message };
