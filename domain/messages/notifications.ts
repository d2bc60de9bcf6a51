import type { Cut } from '../money/cut.ts';
import type { ItemId } from '../ids.ts';
import type { PartyId } from '../people/people.ts';
import { present } from '../present.ts';

/**
 * All kinds of notification. Their texts are in `templates`; a test checks that each kind × channel ×
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
  'reopened',
  'claim-closed',
  'handler-changed',
  'handler-away',
  'progress',
  'formal-notice',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/**
 * The purpose of a kind. A chase asks again for missing documents; progress says how the claim stands. A
 * party that opts out gets neither. Decisions, payments and what the law requires are mandatory: such a
 * message moves to another channel and is never left out.
 */
export const purposes = {
  chase: 'optional',
  progress: 'optional',
  request: 'mandatory',
  decision: 'mandatory',
  payment: 'mandatory',
  legal: 'mandatory',
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
  reopened: 'progress',
  'claim-closed': 'progress',
  'handler-changed': 'progress',
  'handler-away': 'progress',
  progress: 'progress',
  'formal-notice': 'legal',
};

export const isMandatory = (kind: NotificationKind): boolean => purposes[purposeOf[kind]] === 'mandatory';

/**
 * Kinds that the law requires: a party with neither telephone nor mailbox gets a letter. A payment needs
 * none, because the account shows it.
 */
export const isOwedByLaw = (kind: NotificationKind): boolean =>
  ['legal', 'decision'].includes(purposeOf[kind]);

export const notificationChannels = ['sms', 'email', 'letter'] as const;
export type NotificationChannel = (typeof notificationChannels)[number];

/** A party of the claim. Claims write to nobody else: staff are notified of their work by `notify-staff`. */
export interface Recipient {
  party: PartyId;
}

/**
 * One intended message. `facts` hold codes, amounts and dates for the template; personal data is added where
 * the message is rendered.
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
  /** The message waits for more of its kind until then, and reports all of it together. */
  notBefore?: string;
  /** The time of the decision that it reports; a repeat and a fall-back keep it. */
  decidedAt?: string;
  /** The earlier message that failed on another channel; this one is about the same matter. */
  insteadOf?: string;
}

/** Caps of messages to one person, over all claims. Mandatory messages count, and are never held back. */
export interface Caps {
  smsADay: number;
  hoursBetweenChases: number;
}

export interface NotificationFacts {
  item?: ItemId;
  amountMinor?: number;
  /** The calculation of the amount: the claimed amount, and each cut with its rule (S36). */
  account?: { claimedMinor: number; cuts: Cut[] };
  documents?: { kind: string; item?: ItemId; notBefore?: string; reason?: string }[];
  /** The documents that are still missing when this one confirms an arrival. */
  missing?: { kind: string; item?: ItemId; notBefore?: string }[];
  /** The receipt for the papers (S1). */
  receipt?: { number: string; at: string };
  expected?: { survey?: string; decision: string; payment: string };
  /** Who the claim waits for, and since when. */
  waiting?: { what: string; from: string; since: string }[];
  /** The time of the next action for one of these. */
  nextAt?: string;
  reason?: string;
  clause?: string;
  /** The wording of the policy, which a refusal quotes. */
  wording?: string;
  /** The special term of a policy that a refusal quotes; the book has its words. */
  term?: { policy: string; version: number; number: string };
  outcome?: string;
  /** The last day of the handler's absence. */
  awayUntil?: string;
  /** What was paid before the item was taken up again. */
  paidBeforeMinor?: number;
  /** It was decided before, and this is the result of the second look. */
  isSecondLook?: true;
  /** Until when the reader may have the decision looked at again. */
  appealBy?: string;
  /** Replaces an earlier assessment, which may have been notified. */
  isRevised?: true;
  /** The payment goes to another person than the reader. */
  isToAnother?: true;
  /** The reader has own rights under the policy. */
  isInsured?: true;
  /** The first message may be lost, so the text says that this is a repeat. */
  isRepeat?: true;
}

/** `contact`: this telephone or mailbox no longer works; `content`: this text cannot be delivered there. */
export const undeliverableWhys = ['contact', 'content'] as const;
export type UndeliverableWhy = (typeof undeliverableWhys)[number];

/** The parts of an id such as `paid-1-sms`; undefined for any other text. */
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

/** The facts that say what a message is about; a repeat and a fall-back keep them. */
export type Matter = Pick<NotificationFacts, 'item' | 'documents' | 'receipt'>;

export const matterOf = ({ item, documents, receipt }: NotificationFacts): Matter =>
  present({ item, documents, receipt });

/** The key that a message shares with the same message on other channels. */
export const deliveryKey = ({ kind, seq }: Pick<Notification, 'kind' | 'seq'>): string => `${kind}-${seq}`;

export const notificationId = ({
  kind,
  seq,
  channel,
}: Pick<Notification, 'kind' | 'seq' | 'channel'>): string => `${kind}-${seq}-${channel}`;

/** The outcome of a message in the ledger. Delivery reports arrive later, as messages of their own. */
export type LedgerOutcome =
  | { kind: 'accepted' }
  /** The message is no longer wanted or needed. */
  | { kind: 'suppressed'; reason: string }
  /** This channel cannot deliver it: another one is tried. */
  | { kind: 'undeliverable'; code: string; why: UndeliverableWhy }
  /** Nobody can find out whether it was sent. */
  | { kind: 'lost'; code: string };
