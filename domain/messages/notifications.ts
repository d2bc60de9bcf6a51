import type { Cut } from '../money/cut.ts';
import type { ItemId } from '../ids.ts';
import type { PartyId, StaffCode } from '../people/people.ts';
import { present } from '../present.ts';

/**
 * Everything that Lipei tells anybody. Words are in `templates`; a test sees that each kind × channel ×
 * language renders.
 */
export const notificationKinds = [
  'acknowledgement',
  'documents-needed',
  'documents-reminder',
  'documents-received',
  'document-rejected',
  'surveyor-coming',
  'receipt-issued',
  'assessed',
  'nothing-payable',
  'payment-approved',
  'payee-account-needed',
  'paid',
  'payment-returned',
  'refused',
  'withdrawn',
  'claim-closed',
  'handler-changed',
  'progress',
  'formal-notice',
  'escalation',
  'work-waiting',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/**
 * Why a kind is told. A chase asks again for what is owed, progress says how things stand; whoever opts out
 * hears neither. What
 * decides, pays or is owed by law is mandatory: it moves to another channel and is never left out.
 */
export const purposes = {
  chase: 'optional',
  progress: 'optional',
  request: 'mandatory',
  decision: 'mandatory',
  payment: 'mandatory',
  legal: 'mandatory',
  work: 'mandatory',
} as const;
export type Purpose = keyof typeof purposes;

export const purposeOf: Record<NotificationKind, Purpose> = {
  acknowledgement: 'legal',
  'documents-needed': 'legal',
  'documents-reminder': 'chase',
  'documents-received': 'progress',
  'document-rejected': 'request',
  'surveyor-coming': 'progress',
  'receipt-issued': 'progress',
  assessed: 'progress',
  'nothing-payable': 'decision',
  'payment-approved': 'progress',
  'payee-account-needed': 'request',
  paid: 'payment',
  'payment-returned': 'payment',
  refused: 'decision',
  withdrawn: 'progress',
  'claim-closed': 'progress',
  'handler-changed': 'progress',
  progress: 'progress',
  'formal-notice': 'legal',
  escalation: 'work',
  'work-waiting': 'work',
};

export const isMandatory = (kind: NotificationKind): boolean => purposes[purposeOf[kind]] === 'mandatory';

/**
 * The law wants it in their hands: whoever has neither telephone nor mailbox gets a letter. Of a payment
 * their account tells them.
 */
export const isOwedByLaw = (kind: NotificationKind): boolean =>
  ['legal', 'decision'].includes(purposeOf[kind]);

export const notificationChannels = ['sms', 'email', 'letter'] as const;
export type NotificationChannel = (typeof notificationChannels)[number];

/**
 * To a party of the claim, or to a member of staff (one person, or whoever has the role in the claim's
 * branch).
 */
export type Recipient = { party: PartyId } | { staff: StaffCode } | { role: string };

/**
 * One intended message. `facts` hold codes, amounts and dates for the template; whatever is personal is added
 * where it is rendered.
 */
export interface Notification {
  /**
   * `acknowledgement-1-sms`: kind, sequence in the claim, channel; with the claim's number the ledger's key
   * (effects.md §1).
   */
  id: string;
  kind: NotificationKind;
  seq: number;
  channel: NotificationChannel;
  to: Recipient;
  facts: NotificationFacts;
  /** It waits for more of the same until then, and says all of it at once. */
  notBefore?: string;
  /** When what it says was decided; a repeat, and what another channel says instead, keep it. */
  decidedAt?: string;
  /** The message that did not reach them by another channel: it says what that one was about. */
  insteadOf?: string;
}

/**
 * How much one person is written to, whatever the claim; what must be said is counted and never held back.
 */
export interface Caps {
  smsADay: number;
  hoursBetweenChases: number;
}

export interface NotificationFacts {
  item?: ItemId;
  amountMinor?: number;
  /** How the amount comes about: what was claimed, and each cut with its rule (S36). */
  account?: { claimedMinor: number; cuts: Cut[] };
  documents?: { kind: string; item?: ItemId; notBefore?: string; reason?: string }[];
  /** What they still owe when they hear that something has come. */
  missing?: { kind: string; item?: ItemId; notBefore?: string }[];
  /** The receipt for the papers (S1). */
  receipt?: { number: string; at: string };
  expected?: { survey?: string; decision: string; payment: string };
  /** For staff: the expectation that stalled, since when. */
  stalled?: { what: string; from: string; since: string };
  /** Whom the claim waits for, and since when. */
  waiting?: { what: string; from: string; since: string }[];
  /** When the next of these is looked after. */
  nextAt?: string;
  reason?: string;
  clause?: string;
  outcome?: string;
  /** What was assessed before may have been told: this replaces it. */
  isRevised?: true;
  /** The payment goes to somebody else than the reader. */
  isToAnother?: true;
  /** The reader has rights of their own from the policy. */
  isInsured?: true;
  /** It may have been said before, and there is no telling: the words say so. */
  isRepeat?: true;
}

/** `contact`: nothing reaches them there any more; `content`: these words do not. */
export const undeliverableWhys = ['contact', 'content'] as const;
export type UndeliverableWhy = (typeof undeliverableWhys)[number];

/** `paid-1-sms`, taken apart; undefined for what is no id of a notification. */
export function partsOf(
  id: string,
): { kind: NotificationKind; seq: number; channel: NotificationChannel } | undefined {
  const [, name, seq, by] = /^([a-z-]+)-(\d{1,6})-([a-z]+)$/.exec(id) ?? [];
  const [kind, channel] = [
    notificationKinds.find((each) => each === name),
    notificationChannels.find((each) => each === by),
  ];
  return kind && channel && { kind, seq: Number(seq), channel };
}

/** What of its facts tells what a message is about; a repeat and a fall-back keep it. */
export type Matter = Pick<NotificationFacts, 'item' | 'documents' | 'receipt'>;

export const matterOf = ({ item, documents, receipt }: NotificationFacts): Matter =>
  present({ item, documents, receipt });

/** What a message and its equals by other channels have in common. */
export const sayingOf = ({ kind, seq }: Pick<Notification, 'kind' | 'seq'>): string => `${kind}-${seq}`;

export const notificationId = ({
  kind,
  seq,
  channel,
}: Pick<Notification, 'kind' | 'seq' | 'channel'>): string => `${kind}-${seq}-${channel}`;

/** What became of a message by the ledger. What receipts say later comes as a message of its own. */
export type LedgerOutcome =
  | { kind: 'accepted' }
  /** It need not be said any more. */
  | { kind: 'suppressed'; reason: string }
  /** Not by this channel, for good: another one is tried. */
  | { kind: 'undeliverable'; code: string; why: UndeliverableWhy }
  /** Whether it went out cannot be found out. */
  | { kind: 'lost'; code: string };

/**
 * What became of a message, as far as the claim must know. `failed`: only of a message to staff, which is
 * given up when its attempts are used up; it stands on their work list, whose ladder repeats it.
 */
export type NotificationOutcome = LedgerOutcome | { kind: 'failed'; code: string };
