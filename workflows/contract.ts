import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { isOffset } from '../domain/time/calendar.ts';
import type { Claim } from '../domain/claim/claim.ts';
import type { FactCommand, HumanAct } from '../domain/claim/commands.ts';
import { callOutcomes, notificationSettlements, receiptOutcomes } from '../domain/claim/journal.ts';
import { undeliverableWhys } from '../domain/messages/notifications.ts';
import type { NoticeOfLoss } from '../domain/claim/notice.ts';
import type { RefusalReason } from '../domain/refusals.ts';
import { itemSteps } from '../domain/road/road.ts';
import {
  listOf,
  matching,
  needed,
  ofKind,
  oneOf,
  optional,
  record,
  text,
  wholeNumber,
  yesOrNo,
  type Reader,
} from '../domain/shape.ts';
import { isInstant, isLocalDate } from '../domain/time/time.ts';
import type { WaitingLine } from '../domain/claim/view.ts';

/**
 * The contract between a claim's workflow and everybody who talks to it. Each message is one object with an
 * `id` of its own, so
 * that one that is sent twice counts once. What names an author is an update and carries a proof (design §3);
 * what has none is a
 * signal. No validator rejects: a malformed message is refused and journalled by its handler, which a
 * validator could not do.
 */
export const workflowType = 'claim';

/** What a claim answers to an update. */
export type Answer =
  { kind: 'recorded'; seq: number } | { kind: 'refused'; reason: RefusalReason; sentence: string };

/** What a claim's workflow ends with. */
export type ClaimResult =
  | { kind: 'closed'; claim: string; outcome: string }
  /** The notice was started by hand under another workflow id: the claim runs, or ran, under its own. */
  | { kind: 'filed' | 'already-filed'; claim: string }
  | { kind: 'not-opened'; sentence: string };

/** A claim goes on in a new run: state holds no personal data. */
export interface Continued {
  continued: Claim;
}

export type ClaimStart = NoticeOfLoss | Continued;

interface HumanMessage {
  description: string;
  /** Everything but `id` and `proof`. */
  read: Reader<HumanAct>;
}

interface FactMessage {
  description: string;
  read: Reader<FactCommand>;
}

const item = optional(text);
const document = needed(text);
const dayOrInstant = matching(
  (value): value is string => isLocalDate(value) || isInstant(value),
  'a day such as 2026-11-27, or an instant in UTC',
);
const instant = matching(isInstant, 'an instant in UTC such as 2026-11-27T08:00:00.000Z');
const offset = matching(
  (value): value is string => typeof value === 'string' && isOffset(value),
  'a duration such as PT1H',
);
const sha256 = needed(
  matching(
    (value): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
    'a SHA-256 in 64 hexadecimal digits',
  ),
);
const reach = record({ sms: needed(yesOrNo), email: needed(yesOrNo) });

const described = <K extends (HumanAct | FactCommand)['kind'], T extends object>(
  description: string,
  kind: K,
  fields: Reader<T>,
) => ({ description, read: ofKind(kind, fields) });

/** What people do. The key is the update's name. */
export const humanMessages = {
  addDocument: described(
    'A member of staff adds a document that has come in',
    'add-document',
    record({ item, document, attachment: sha256 }),
  ),
  acceptDocument: described(
    'A handler has checked a document and accepts it',
    'accept-document',
    record({ item, document }),
  ),
  rejectDocument: described(
    'A handler has checked a document and rejects it, with a reason; it is asked for again',
    'reject-document',
    record({ item, document, reason: needed(text) }),
  ),
  waiveDocument: described(
    'A supervisor does without a document',
    'waive-document',
    record({ item, document }),
  ),
  reportSurvey: described(
    'The surveyor reports the survey',
    'report-survey',
    record({ onScene: needed(yesOrNo), report: optional(text) }),
  ),
  assess: described(
    'A handler or surveyor fixes the loss of an item, in minor units; cuts: why it is below what is claimed',
    'assess',
    record({
      item: needed(text),
      amountMinor: needed(wholeNumber),
      cuts: optional(listOf(record({ reason: needed(text), minor: needed(wholeNumber) }))),
    }),
  ),
  verify: described(
    'A verifier confirms an assessment; never their own',
    'verify',
    record({ item: needed(text), version: needed(wholeNumber) }),
  ),
  approve: described(
    'A reviewer approves a payment exactly as it stands (of: its hash)',
    'approve',
    record({ item: needed(text), of: needed(text) }),
  ),
  returnForRework: described(
    'A reviewer or verifier sends an item back to a step, with a reason code',
    'return-for-rework',
    record({
      item: needed(text),
      to: needed(oneOf(itemSteps)),
      reason: needed(text),
      documents: optional(listOf(text)),
    }),
  ),
  refuse: described(
    'A reviewer proposes to refuse an item, or confirms it as the second person',
    'refuse',
    record({ item: needed(text), clause: needed(text), reasons: needed(listOf(text)) }),
  ),
  changePayee: described(
    'Another account (its fingerprint) or payee for an item; what was approved falls',
    'change-payee',
    record({ item: needed(text), party: needed(text), account: sha256 }),
  ),
  recordCall: described(
    'What a telephone call to a party gave; a promised day holds the chasing',
    'record-call',
    record({
      party: needed(text),
      outcome: needed(oneOf(callOutcomes)),
      promised: optional(dayOrInstant),
      documents: optional(listOf(text)),
    }),
  ),
  handOver: described(
    'The claim, or its survey, goes to somebody else',
    'hand-over',
    record({ to: needed(text), role: needed(oneOf(['handler', 'surveyor'] as const)) }),
  ),
  withdraw: described('The customer withdraws an item, or all that is open', 'withdraw', record({ item })),
  keepOpen: described('The customer did not mean to withdraw', 'keep-open', record({})),
  correctNotice: described(
    'A mistyped notice of loss is put right',
    'correct-notice',
    record({
      policy: optional(text),
      lossAt: optional(instant),
      item: optional(record({ id: needed(text), claimedMinor: needed(wholeNumber) })),
    }),
  ),
  correctContact: described(
    'A party can be reached otherwise; the contact itself is in the records',
    'correct-contact',
    record({
      party: needed(text),
      revision: needed(wholeNumber),
      reach: needed(reach),
      prefers: optional(oneOf(['sms', 'email'] as const)),
    }),
  ),
  note: described('A note was written; its text is in the records', 'note', record({ note: needed(text) })),
  settleNotification: described(
    'Operations settle a notification that was perhaps not delivered',
    'settle-notification',
    record({ notification: needed(text), how: needed(oneOf(notificationSettlements)) }),
  ),
  postLetter: described(
    'A formal letter has been posted',
    'post-letter',
    record({ notification: needed(text) }),
  ),
  resendNotification: described(
    'The same is said to a party once more, because somebody asks for it',
    'resend',
    record({ notification: needed(text), party: needed(text) }),
  ),
  retry: described('What was broken is mended: go on', 'retry', record({ problem: optional(text) })),
} satisfies Record<string, HumanMessage>;

/** Facts without an author. The key is the signal's name. */
export const factMessages = {
  documentArrived: described(
    'A document has arrived (upload, post); attachment: its SHA-256',
    'document-arrived',
    record({ item, document, attachment: sha256 }),
  ),
  bankConfirmed: described(
    'The bank has paid',
    'bank-confirmed',
    record({ payment: needed(text), reference: needed(text) }),
  ),
  bankReturned: described(
    'The bank has returned a payment',
    'bank-returned',
    record({ payment: needed(text), reason: needed(text) }),
  ),
  receiptCame: described(
    'A provider reports that a message arrived, or that it did not',
    'receipt',
    record({
      notification: needed(text),
      outcome: needed(oneOf(receiptOutcomes)),
      arrived: needed(instant),
      code: optional(text),
      why: optional(oneOf(undeliverableWhys)),
      again: optional(offset),
    }),
  ),
  contactTurnedOut: described(
    'A telephone or mailbox is lost (opted out, unusable), or found again',
    'contact-turned-out',
    record({
      party: needed(text),
      channel: needed(oneOf(['sms', 'email'] as const)),
      standing: needed(oneOf(['lost', 'restored'] as const)),
      code: needed(text),
    }),
  ),
  textArrived: described(
    'A party has written to us; note: where their words are',
    'text-arrived',
    record({ party: needed(text), note: needed(text) }),
  ),
} satisfies Record<string, FactMessage>;

export type HumanMessageName = keyof typeof humanMessages;
export type FactMessageName = keyof typeof factMessages;

/** What travels in an update: the act's fields, an id of its own, and the proof that the API signed. */
export type HumanPayload = { id: string; proof: unknown } & Record<string, unknown>;

export const humanUpdate = (name: HumanMessageName) => defineUpdate<Answer, [HumanPayload]>(name);
export const factSignal = (name: FactMessageName) =>
  defineSignal<[{ id: string } & Record<string, unknown>]>(name);

export const claimQuery = defineQuery<Claim | undefined>('claim');
export const waitingOnQuery = defineQuery<WaitingLine[]>('waitingOn');
