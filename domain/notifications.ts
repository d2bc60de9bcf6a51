import type { ItemId } from './ids.ts';
import type { PartyId, StaffCode } from './people.ts';

/** Everything that Lipei tells anybody. Words are in `templates`; a test sees that each kind × channel × language renders. */
export const notificationKinds = [
  'acknowledgement', 'documents-needed', 'documents-reminder', 'document-rejected', 'surveyor-coming', 'receipt-issued',
  'assessed', 'payment-approved', 'payee-account-needed', 'paid', 'payment-returned', 'refused', 'withdrawn', 'claim-closed',
  'handler-changed', 'formal-notice', 'escalation', 'work-waiting',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/**
 * Why a kind is told. A chase asks again for what is owed, progress says how things stand; whoever opts out hears neither. What
 * decides, pays or is owed by law is mandatory: it moves to another channel and is never left out.
 */
export const purposes = { chase: 'optional', progress: 'optional', request: 'mandatory', decision: 'mandatory', payment: 'mandatory', legal: 'mandatory', work: 'mandatory' } as const;
export type Purpose = keyof typeof purposes;

export const purposeOf: Record<NotificationKind, Purpose> = {
  acknowledgement: 'legal', 'documents-needed': 'legal', 'documents-reminder': 'chase', 'document-rejected': 'request', 'surveyor-coming': 'progress', 'receipt-issued': 'progress',
  assessed: 'progress', 'payment-approved': 'progress', 'payee-account-needed': 'request', paid: 'payment', 'payment-returned': 'payment', refused: 'decision', withdrawn: 'decision', 'claim-closed': 'decision',
  'handler-changed': 'progress', 'formal-notice': 'legal', escalation: 'work', 'work-waiting': 'work',
};

export const isMandatory = (kind: NotificationKind): boolean => purposes[purposeOf[kind]] === 'mandatory';

export const notificationChannels = ['sms', 'email', 'letter'] as const;
export type NotificationChannel = (typeof notificationChannels)[number];

/** To a party of the claim, or to a member of staff (one person, or whoever has the role in the claim's branch). */
export type Recipient = { party: PartyId } | { staff: StaffCode } | { role: string };

/** One intended message. `facts` hold codes, amounts and dates for the template; whatever is personal is added where it is rendered. */
export interface Notification {
  /** `acknowledgement-1-sms`: kind, sequence in the claim, channel; with the claim's number the ledger's key (effects.md §1). */
  id: string;
  kind: NotificationKind;
  seq: number;
  channel: NotificationChannel;
  to: Recipient;
  facts: NotificationFacts;
}

export interface NotificationFacts {
  item?: ItemId;
  amountMinor?: number;
  documents?: { kind: string; item?: ItemId; notBefore?: string; reason?: string }[];
  expected?: { survey?: string; decision: string; payment: string };
  /** For staff: the expectation that stalled, since when. */
  stalled?: { what: string; from: string; since: string };
  reason?: string;
  clause?: string;
  outcome?: string;
}

/** What became of a message, as far as the claim must know. Receipts that follow are the ledger's business. */
export type NotificationOutcome = { kind: 'accepted' } | { kind: 'suppressed'; reason: string } | { kind: 'failed'; code: string } | { kind: 'unknown'; code: string };
