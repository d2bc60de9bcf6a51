import { itemOf, lastPayment, type Claim, type Item } from '../claim/claim.ts';
import { roadOfClaim } from '../road/road.ts';
import {
  matterOf,
  type Matter,
  type Notification,
  type NotificationFacts,
  type NotificationKind,
} from './notifications.ts';

interface Overtaken {
  /** When a message of this kind is pointless, for the documents. */
  when: string;
  is(notification: Notification, claim: Claim): boolean;
}

/**
 * Have later events made this message pointless? Asked for every message at every attempt, also for repeats
 * and fall-backs, and after the closure. An overtaken message is not sent.
 */
export const isOvertaken = (notification: Notification, claim: Claim): boolean =>
  overtaken[notification.kind].is(notification, claim);

const never: Overtaken['is'] = () => false;

/**
 * When each kind is pointless. A message that the law requires is left out in two cases only: a newer message
 * is about the same matter, or no requested document is still missing.
 */
export const overtaken: Record<NotificationKind, Overtaken> = {
  acknowledgement: { when: 'never: the law requires it', is: never },
  'documents-needed': {
    when: 'no listed document is still missing',
    is: ({ to, facts }, claim) =>
      (facts.documents ?? []).length > 0 && !facts.documents?.some((each) => isOwed(claim, to, each)),
  },
  'documents-reminder': {
    when: 'no listed document is still missing',
    is: ({ to, facts }, claim) => !facts.documents?.some((each) => isOwed(claim, to, each)),
  },
  'documents-received': {
    when: 'the receipt for the papers has been issued, or the item has ended',
    is: ({ facts }, claim) =>
      claim.outcome !== undefined ||
      itemsOf(claim, facts).every(({ receipt, outcome }) => receipt !== undefined || outcome !== undefined),
  },
  'document-rejected': {
    when: 'each listed document has arrived again or was rejected again, or its item has ended',
    is: (notification, claim) =>
      claim.outcome !== undefined ||
      (isAboutSome(notification) &&
        documentsIn(notification).every((each) => !isStillRejected(each, notification, claim))),
  },
  'surveyor-coming': {
    when: 'the survey has been reported, or is no longer needed',
    is: (_, claim) => claim.outcome !== undefined || roadOfClaim.survey.isDone(claim),
  },
  'receipt-issued': {
    when: 'the papers were returned, so the receipt is no longer valid, or the item is withdrawn',
    is: ({ facts }, claim) => about(claim, facts, (item) => isWithdrawn(item) || !isItsReceipt(item, facts)),
  },
  assessed: {
    when: 'a later assessment was notified, or the item is refused or withdrawn',
    is: (notification, claim) =>
      isFollowedBy(notification, claim, ['assessed', 'nothing-payable', 'refused']) ||
      about(
        claim,
        notification.facts,
        (item) => isWithdrawn(item) || item.refusal?.confirmedBy !== undefined,
      ),
  },
  'nothing-payable': {
    when: 'a later decision about the item was notified, or that it is looked at again',
    is: (notification, claim) =>
      isFollowedBy(notification, claim, ['assessed', 'nothing-payable', 'refused', 'reopened']),
  },
  'payment-approved': {
    when: 'the bank has paid or returned it, or the approval was cancelled',
    is: (notification, claim) =>
      isFollowedBy(notification, claim, ['payment-approved']) ||
      about(
        claim,
        notification.facts,
        (item) => !['approved', 'instructed'].includes(lastPayment(item)?.kind ?? ''),
      ),
  },
  'payee-account-needed': {
    when: 'the account is known, or nothing remains to be paid',
    is: ({ facts }, claim) =>
      facts.item !== undefined &&
      !claim.expectations.some(({ what, item }) => what === 'payee-account' && item === facts.item),
  },
  paid: {
    when: 'a later payment for the item was notified',
    is: (notification, claim) => isFollowedBy(notification, claim, ['paid']),
  },
  'payment-returned': {
    when: 'a later payment for the item, or a later return, was notified',
    is: (notification, claim) => isFollowedBy(notification, claim, ['paid', 'payment-returned']),
  },
  refused: {
    when: 'a later refusal of the item was notified, or that it is looked at again',
    is: (notification, claim) => isFollowedBy(notification, claim, ['refused', 'reopened']),
  },
  withdrawn: {
    when: 'the item has been taken up again',
    is: ({ facts }, claim) => about(claim, facts, (item) => !isWithdrawn(item)),
  },
  reopened: {
    when: 'a later decision about the item was notified, or that it was taken up once more',
    is: (notification, claim) =>
      isFollowedBy(notification, claim, ['reopened', 'nothing-payable', 'refused', 'paid', 'withdrawn']),
  },
  'claim-closed': {
    when: 'the claim has been taken up again',
    is: (_, claim) => claim.outcome === undefined,
  },
  'handler-changed': {
    when: 'the handler has changed again, or the claim has closed',
    is: (notification, claim) =>
      claim.outcome !== undefined || isFollowedBy(notification, claim, ['handler-changed']),
  },
  'handler-away': {
    when: 'the handler is back or has changed, the absence has changed, or the claim has closed',
    is: (notification, claim) =>
      claim.outcome !== undefined ||
      claim.handlerAway?.until !== notification.facts.awayUntil ||
      claim.handlerAway === undefined ||
      isFollowedBy(notification, claim, ['handler-changed', 'handler-away']),
  },
  progress: {
    when: 'the same party had a later message, or the claim has closed',
    is: (notification, claim) => claim.outcome !== undefined || later(notification, claim).length > 0,
  },
  'formal-notice': {
    when: 'a later formal notice goes to the same party',
    is: (notification, claim) => later(notification, claim).some(({ kind }) => kind === 'formal-notice'),
  },
};

type DocumentFact = NonNullable<NotificationFacts['documents']>[number];

/** The claim still waits for this party to bring the document. */
const isOwed = (
  { expectations }: Claim,
  to: Notification['to'],
  { kind, item }: Pick<DocumentFact, 'kind' | 'item'>,
): boolean => expectations.some((open) => open.ask === to.party && open.what === kind && open.item === item);

const documentsIn = ({ facts }: { facts: Matter }): DocumentFact[] => facts.documents ?? [];

const isAboutSome = (notification: Notification): boolean => documentsIn(notification).length > 0;

/** The document is rejected, its item is open, and no later message reports that. */
function isStillRejected(
  { kind, item: id }: DocumentFact,
  notification: Notification,
  claim: Claim,
): boolean {
  const item = id === undefined ? undefined : itemOf(claim, id);
  const paper = item ? item.documents[kind] : claim.documents[kind];
  return (
    paper?.state === 'rejected' &&
    item?.outcome === undefined &&
    !later(notification, claim).some(
      (other) =>
        other.kind === 'document-rejected' &&
        other.about.documents?.some((each) => each.kind === kind && each.item === id),
    )
  );
}

/** The items of the documents that a message names; documents of the whole claim belong to all items. */
function itemsOf(claim: Claim, facts: NotificationFacts): Item[] {
  const ids = (facts.documents ?? []).map(({ item }) => item);
  return ids.includes(undefined) || ids.length === 0
    ? claim.items
    : claim.items.filter(({ id }) => ids.includes(id));
}

/** True for a message that names no receipt. */
const isItsReceipt = ({ receipt }: Item, facts: NotificationFacts): boolean =>
  facts.receipt === undefined || facts.receipt.number === receipt?.number;

const isWithdrawn = ({ outcome }: Item): boolean => outcome?.kind === 'withdrawn';

/** Tests the item that a message is about; false for a message without an item. */
function about(claim: Claim, { item: id }: NotificationFacts, matches: (item: Item) => boolean): boolean {
  const item = id === undefined ? undefined : itemOf(claim, id);
  return item !== undefined && matches(item);
}

interface Other {
  kind: NotificationKind;
  about: Matter;
}

/** A later message of one of these kinds to the same party about the same item. */
const isFollowedBy = (
  notification: Notification,
  claim: Claim,
  kinds: readonly NotificationKind[],
): boolean =>
  later(notification, claim).some(
    ({ kind, about: other }) => kinds.includes(kind) && other.item === notification.facts.item,
  );

/**
 * The messages to the same party, sent or planned, that were decided later. Repeats, and the same message on
 * another channel, do not count.
 */
function later({ id, kind, seq, to, decidedAt }: Notification, { outbox, deliveries }: Claim): Other[] {
  if (decidedAt === undefined) return [];
  const position = outbox.findIndex((planned) => planned.id === id);
  const planned = outbox
    .filter(
      (other, index) =>
        other.to.party === to.party &&
        (other.kind !== kind || other.seq !== seq) &&
        !other.facts.isRepeat &&
        isLater(other.decidedAt, decidedAt, index > position && position >= 0),
    )
    .map((other) => ({ kind: other.kind, about: matterOf(other.facts) }));
  const sent = Object.values(deliveries).filter(
    (other) => other.party === to.party && !other.isRepeat && isLater(other.decidedAt, decidedAt, false),
  );
  return [...planned, ...sent];
}

const isLater = (other: string | undefined, decidedAt: string, isBehind: boolean): boolean =>
  other !== undefined && (other > decidedAt || (other === decidedAt && isBehind));
