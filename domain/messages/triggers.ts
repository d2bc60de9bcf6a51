import { isDuplicate } from '../money/bank-reasons.ts';
import { after } from '../time/calendar.ts';
import {
  claimant,
  itemOf,
  partyOf,
  payeeOf,
  type Claim,
  type Item,
  type RefusedCover,
} from '../claim/claim.ts';
import { acceptedDocuments, missingDocuments, ruleFor, type Missing } from '../documents/requirements.ts';
import type { ItemId } from '../ids.ts';
import type { Event } from '../claim/journal.ts';
import type { Occasion } from './channels.ts';
import type { Notification, NotificationFacts, NotificationKind, Recipient } from './notifications.ts';
import { cutsOf, dueMinor, paidBeforeMinor } from '../money/payable.ts';
import type { Party, PartyRole } from '../people/people.ts';
import { present } from '../present.ts';
import type { Rules } from '../rules/pack.ts';
import { appealsEnd } from '../waiting/appeals.ts';

/** A notification to plan: `routeOf` finds the channels, and `planOf` decides whether it is collapsed. */
export interface NotificationRequest {
  kind: NotificationKind;
  to: Recipient;
  facts: NotificationFacts;
  /** `news` where absent. */
  occasion?: Occasion;
}

/**
 * The notifications that follow from an event (S25: one at each change). Chases are not here: rungs group
 * them by party.
 */
export function notificationsOf(event: Event, claim: Claim, rules: Rules): NotificationRequest[] {
  switch (event.kind) {
    case 'acknowledged':
      return acknowledgement(claim, rules);
    case 'document-received':
      return toOwner(claim, event.item, 'documents-received', {
        documents: [present({ kind: event.document, item: event.item })],
      });
    case 'document-rejected':
      return toOwner(claim, event.item, 'document-rejected', {
        documents: [present({ kind: event.document, reason: event.reason, item: event.item })],
      });
    case 'receipt-issued':
      return toOwner(claim, event.item, 'receipt-issued', {
        item: event.item,
        ...receiptOf(claim, event.item),
      });
    case 'verified':
      return assessment(claim, event.item);
    case 'payment-approved':
      return ofPayment(claim, event.item, 'payment-approved');
    case 'payment-confirmed':
      return ofPayment(claim, event.item, 'paid');
    case 'payment-returned':
      // The bank has it already: no fault of the payee, who need not do anything.
      return isDuplicate(event.reason) ? [] : ofReturnedPayment(claim, event.item, event.reason);
    case 'refusal-confirmed':
      return refusal(claim, event.item);
    case 'expectation-opened':
      if (event.expectation.what === 'payee-account') return accountNeeded(claim, event.expectation.item);
      return event.expectation.id === 'survey' ? surveyorComing(claim) : [];
    case 'item-concluded':
      return event.outcome.kind === 'withdrawn'
        ? toOwner(claim, event.item, 'withdrawn', { item: event.item })
        : [];
    case 'item-reopened':
      return toOwner(claim, event.item, 'reopened', {
        item: event.item,
        reason: event.reason,
        ...paidBeforeOf(claim, event.item),
      });
    case 'claim-closed':
      return toClaimant(claim, 'claim-closed', { outcome: event.outcome });
    // A named handler does not change without a message (S28).
    case 'handed-over':
      return event.role === 'handler' && claim.urgency === 'priority'
        ? toClaimant(claim, 'handler-changed', {})
        : [];
    case 'handler-away':
      return event.isLong ? toClaimant(claim, 'handler-away', present({ awayUntil: event.until })) : [];
    case 'returned-for-rework':
      return event.to === 'documents' ? sentBack(claim, event, rules) : [];
    default:
      return [];
  }
}

/** Adds the facts of the moment of sending to the facts of the decision. */
export function withLatestFacts(notification: Notification, claim: Claim, rules: Rules): Notification {
  const { kind, to, facts, decidedAt } = notification;
  const party = partyOf(claim, to.party);
  if (kind === 'documents-received')
    return { ...notification, facts: { ...facts, missing: documentsOwed(claim, rules, party) } };
  if (appealable.includes(kind) && decidedAt)
    return { ...notification, facts: { ...facts, appealBy: appealsEnd(decidedAt, rules) } };
  return kind === 'formal-notice' && party && hasRights.includes(party.role)
    ? { ...notification, facts: { ...facts, isInsured: true } }
    : notification;
}

/** Decisions that offer a second look. */
const appealable: readonly NotificationKind[] = ['refused', 'nothing-payable', 'paid'];

/**
 * The roles with a right against the insurer under the policy; a third party's right is against the person
 * who caused the damage.
 */
const hasRights: readonly PartyRole[] = ['policyholder', 'insured', 'beneficiary'];

/**
 * Steps, list and expected dates (S27) for the claimant, and for each other party one notification of all its
 * missing documents (S5).
 */
function acknowledgement(claim: Claim, rules: Rules): NotificationRequest[] {
  const first = claimant(claim);
  if (!first) return [];
  const dated = (offset: string): string => after(claim.noticedAt, offset, rules.calendar);
  const { survey, decision, payment } = rules.pack.expected;
  const facts = {
    documents: documentsOwed(claim, rules, first),
    expected: present({
      survey: claim.surveyWaived ? undefined : dated(survey),
      decision: dated(decision),
      payment: dated(payment),
    }),
  };
  const others = claim.parties
    .filter(({ id }) => id !== first.id)
    .map((party) => ({ party, documents: documentsOwed(claim, rules, party) }));
  return [
    { kind: 'acknowledgement', to: { party: first.id }, facts },
    ...others
      .filter(({ documents }) => documents.length > 0)
      .map(({ party, documents }): NotificationRequest => ({
        kind: 'documents-needed',
        to: { party: party.id },
        facts: { documents },
      })),
  ];
}

/** All documents that this party must still bring; never those that have arrived. */
function documentsOwed(
  claim: Claim,
  rules: Rules,
  party: Party | undefined,
): NonNullable<NotificationFacts['documents']> {
  const all = claim.items
    .filter(({ outcome, refusal: refusing }) => !outcome && !refusing)
    .flatMap((item) =>
      missingDocuments(claim, item, rules.pack).filter(
        ({ state, rule }) =>
          state !== 'received' && party?.id === (rule.scope === 'claim' ? claimant(claim)?.id : item.party),
      ),
    );
  return all
    .filter(
      ({ rule, item }, index) =>
        all.findIndex((other) => other.rule.kind === rule.kind && other.item === item) === index,
    )
    .map((missing) => factsOf(missing, claim, rules));
}

const factsOf = (
  { rule, item }: Missing,
  claim: Claim,
  rules: Rules,
): NonNullable<NotificationFacts['documents']>[number] =>
  present({
    kind: rule.kind,
    item,
    notBefore: rule.notBefore && after(claim.lossAt, rule.notBefore, rules.calendar),
  });

/** Each party that must bring a document again reads the reason, as with any rejected document. */
function sentBack(
  claim: Claim,
  { item: id, documents = [], reason }: Extract<Event, { kind: 'returned-for-rework' }>,
  rules: Rules,
): NotificationRequest[] {
  const [ofClaim, ofItem] = [
    documents.filter((kind) => isOfClaim(kind, rules)),
    documents.filter((kind) => !isOfClaim(kind, rules)),
  ];
  return [
    ...(ofClaim.length > 0
      ? toClaimant(claim, 'document-rejected', { documents: ofClaim.map((kind) => ({ kind, reason })) })
      : []),
    ...(ofItem.length > 0
      ? toOwner(claim, id, 'document-rejected', {
          documents: ofItem.map((kind) => ({ kind, item: id, reason })),
        })
      : []),
  ];
}

const isOfClaim = (kind: string, { pack }: Rules): boolean => ruleFor(kind, pack)?.scope === 'claim';

/** Nothing may be repaired before the survey. Sent once, even if a survey is expected again. */
const surveyorComing = (claim: Claim): NotificationRequest[] =>
  claim.sent['surveyor-coming'] ? [] : toClaimant(claim, 'surveyor-coming', {});

/** The receipt lists its documents (S1). */
function receiptOf(claim: Claim, id: ItemId): NotificationFacts {
  const item = itemOf(claim, id);
  return item?.receipt ? { receipt: item.receipt, documents: acceptedDocuments(claim, item) } : {};
}

/** "Nothing payable" is a decision, so its notification is mandatory. */
function assessment(claim: Claim, id: ItemId): NotificationRequest[] {
  const isRevised = (itemOf(claim, id)?.assessments ?? 0) > 1 || undefined;
  const facts: NotificationFacts = { item: id, ...amountOf(claim, id), ...present({ isRevised }) };
  return toOwner(claim, id, facts.amountMinor === 0 ? 'nothing-payable' : 'assessed', facts);
}

/** Of an amount that the party has read, and that is another now. */
export const assessmentAnew = (claim: Claim, id: ItemId): NotificationRequest[] =>
  assessment(claim, id).map((request) => ({ ...request, facts: { ...request.facts, isRevised: true } }));

/**
 * The payee gets the message. If the payee is not the item's party, that party gets one as well, which says
 * so.
 */
function ofPayment(claim: Claim, id: ItemId, kind: NotificationKind): NotificationRequest[] {
  const facts = { item: id, ...amountOf(claim, id) };
  const payee = otherPayee(claim, id);
  return payee
    ? [
        ...toParty(payee, kind, { item: id, amountMinor: facts.amountMinor }),
        ...toOwner(claim, id, kind, { ...facts, isToAnother: true }),
      ]
    : toOwner(claim, id, kind, facts);
}

function ofReturnedPayment(claim: Claim, id: ItemId, reason: string): NotificationRequest[] {
  const payee = otherPayee(claim, id);
  const facts = { item: id, reason };
  return payee
    ? [
        ...toParty(payee, 'payment-returned', facts),
        ...toOwner(claim, id, 'payment-returned', { item: id, isToAnother: true }),
      ]
    : toOwner(claim, id, 'payment-returned', facts);
}

/** The payee, if it is not the item's party. */
function otherPayee(claim: Claim, id: ItemId): Party | undefined {
  const item = itemOf(claim, id);
  return item && payeeOf(item) !== item.party ? partyOf(claim, payeeOf(item)) : undefined;
}

function refusal(claim: Claim, item: string): NotificationRequest[] {
  const decided = itemOf(claim, item);
  return decided?.refusal
    ? toOwner(claim, item, 'refused', { ...factsOfRefusal(claim, item, decided.refusal), ...lookOf(decided) })
    : [];
}

/** What the party reads of a refusal: codes that have words, what the policy says, and no note. */
export function factsOfRefusal(
  { policy, cover }: Pick<Claim, 'policy' | 'cover'>,
  item: ItemId,
  { clause, reasons, term: number }: RefusedCover,
): NotificationFacts {
  const { version, wording } = cover ?? {};
  const term = version === undefined || number === undefined ? undefined : { policy, version, number };
  return { item, clause, reason: reasons.join(', '), ...present({ wording, term }) };
}

/**
 * Not needed after a returned payment, whose message asks for the account, nor where the notice named an
 * account.
 */
function accountNeeded(claim: Claim, id = ''): NotificationRequest[] {
  const item = itemOf(claim, id);
  const isKnown =
    !item || item.payments.some(({ kind }) => kind === 'returned') || itemParty(claim, id)?.account;
  return isKnown ? [] : toOwner(claim, id, 'payee-account-needed', { item: id });
}

const amountOf = (claim: Claim, id: string): NotificationFacts => {
  const item = itemOf(claim, id);
  if (!item) return {};
  const amountMinor = dueMinor(claim, item);
  return amountMinor === undefined
    ? {}
    : {
        amountMinor,
        account: { claimedMinor: item.claimedMinor, cuts: cutsOf(claim, item) },
        ...lookOf(item),
      };
};

/** Is it a second look, and what was paid before it? */
const lookOf = (item: Item): Pick<NotificationFacts, 'isSecondLook' | 'paidBeforeMinor'> =>
  item.secondLook
    ? { isSecondLook: true, ...present({ paidBeforeMinor: paidBeforeMinor(item) || undefined }) }
    : {};

function paidBeforeOf(claim: Claim, id: ItemId): Pick<NotificationFacts, 'paidBeforeMinor'> {
  const item = itemOf(claim, id);
  return present({ paidBeforeMinor: (item && paidBeforeMinor(item)) || undefined });
}

const toClaimant = (claim: Claim, kind: NotificationKind, facts: NotificationFacts): NotificationRequest[] =>
  toParty(claimant(claim), kind, facts);

const toOwner = (
  claim: Claim,
  item: string | undefined,
  kind: NotificationKind,
  facts: NotificationFacts,
): NotificationRequest[] => toParty(item ? itemParty(claim, item) : claimant(claim), kind, facts);

const toParty = (
  party: Party | undefined,
  kind: NotificationKind,
  facts: NotificationFacts,
): NotificationRequest[] => (party ? [{ kind, to: { party: party.id }, facts }] : []);

const itemParty = (claim: Claim, id: string): Party | undefined =>
  partyOf(claim, itemOf(claim, id)?.party ?? '');
