import { after } from '../time/calendar.ts';
import { claimant, itemOf, partyOf, payeeOf, type Claim } from '../claim/claim.ts';
import { acceptedDocuments, missingDocuments, ruleFor, type Missing } from '../documents/requirements.ts';
import type { ItemId } from '../ids.ts';
import type { Event } from '../claim/journal.ts';
import type { Occasion } from './channels.ts';
import type { Notification, NotificationFacts, NotificationKind, Recipient } from './notifications.ts';
import { cutsOf, payableMinor } from '../money/payable.ts';
import type { Party, PartyRole } from '../people/people.ts';
import { present } from '../present.ts';
import type { Rules } from '../rules/pack.ts';

/** Something to say to somebody; `routeOf` finds the channels, and `planOf` whether it is gathered. */
export interface Telling {
  kind: NotificationKind;
  to: Recipient;
  facts: NotificationFacts;
  /** News where absent. */
  occasion?: Occasion;
}

/**
 * Who is told what because of an event (S25: told at each change). Chases are not here: rungs group them by
 * party.
 */
export function notificationsOf(event: Event, claim: Claim, rules: Rules): Telling[] {
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
      return ofReturnedPayment(claim, event.item, event.reason);
    case 'refusal-confirmed':
      return refusal(claim, event.item);
    case 'expectation-opened':
      if (event.expectation.what === 'payee-account') return accountNeeded(claim, event.expectation.item);
      return event.expectation.id === 'survey' ? surveyorComing(claim) : [];
    case 'item-concluded':
      return event.outcome.kind === 'withdrawn'
        ? toOwner(claim, event.item, 'withdrawn', { item: event.item })
        : [];
    case 'claim-closed':
      return toClaimant(claim, 'claim-closed', { outcome: event.outcome });
    // Named handlers do not change silently (S28).
    case 'handed-over':
      return event.role === 'handler' && claim.urgency === 'priority'
        ? toClaimant(claim, 'handler-changed', {})
        : [];
    case 'returned-for-rework':
      return event.to === 'documents' ? sentBack(claim, event, rules) : [];
    default:
      return [];
  }
}

/** What a message says of the moment at which it goes out, beside what was decided to be said. */
export function asItGoesOut(notification: Notification, claim: Claim, rules: Rules): Notification {
  const { kind, to, facts } = notification;
  const party = 'party' in to ? partyOf(claim, to.party) : undefined;
  if (kind === 'documents-received')
    return { ...notification, facts: { ...facts, missing: owed(claim, rules, party) } };
  return kind === 'formal-notice' && party && hasRights.includes(party.role)
    ? { ...notification, facts: { ...facts, isInsured: true } }
    : notification;
}

/**
 * Whom the policy gives a claim against the insurer; a third party has one against whoever did the damage.
 */
const hasRights: readonly PartyRole[] = ['policyholder', 'insured', 'beneficiary'];

/**
 * Steps, list and expected dates (S27) to whoever reported, and everything that each other party owes in one
 * notification (S5).
 */
function acknowledgement(claim: Claim, rules: Rules): Telling[] {
  const first = claimant(claim);
  if (!first) return [];
  const dated = (offset: string): string => after(claim.noticedAt, offset, rules.calendar);
  const { survey, decision, payment } = rules.pack.expected;
  const facts = {
    documents: owed(claim, rules, first),
    expected: present({
      survey: claim.surveyWaived ? undefined : dated(survey),
      decision: dated(decision),
      payment: dated(payment),
    }),
  };
  const others = claim.parties
    .filter(({ id }) => id !== first.id)
    .map((party) => ({ party, documents: owed(claim, rules, party) }));
  return [
    { kind: 'acknowledgement', to: { party: first.id }, facts },
    ...others
      .filter(({ documents }) => documents.length > 0)
      .map(({ party, documents }): Telling => ({
        kind: 'documents-needed',
        to: { party: party.id },
        facts: { documents },
      })),
  ];
}

/** Everything that this party owes the claim's documents, never what is held already. */
function owed(
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

/** Each who has to bring something anew reads why, as with any document that is not accepted. */
function sentBack(
  claim: Claim,
  { item: id, documents = [], reason }: Extract<Event, { kind: 'returned-for-rework' }>,
  rules: Rules,
): Telling[] {
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

/** Nobody repairs what has not been looked at; said once, also where a survey is wanted again. */
const surveyorComing = (claim: Claim): Telling[] =>
  claim.told['surveyor-coming'] ? [] : toClaimant(claim, 'surveyor-coming', {});

/** The receipt lists what it is for (S1). */
function receiptOf(claim: Claim, id: ItemId): NotificationFacts {
  const item = itemOf(claim, id);
  return item?.receipt ? { receipt: item.receipt, documents: acceptedDocuments(claim, item) } : {};
}

/** That nothing is payable is a decision, which nobody may miss. */
function assessment(claim: Claim, id: ItemId): Telling[] {
  const isRevised = (itemOf(claim, id)?.assessments ?? 0) > 1 || undefined;
  const facts: NotificationFacts = { item: id, ...amountOf(claim, id), ...present({ isRevised }) };
  return toOwner(claim, id, facts.amountMinor === 0 ? 'nothing-payable' : 'assessed', facts);
}

/**
 * Whoever is paid hears of it; where that is somebody else, whoever has the claim hears that it went to them.
 */
function ofPayment(claim: Claim, id: ItemId, kind: NotificationKind): Telling[] {
  const facts = { item: id, ...amountOf(claim, id) };
  const payee = otherPayee(claim, id);
  return payee
    ? [
        ...toParty(payee, kind, { item: id, amountMinor: facts.amountMinor }),
        ...toOwner(claim, id, kind, { ...facts, isToAnother: true }),
      ]
    : toOwner(claim, id, kind, facts);
}

function ofReturnedPayment(claim: Claim, id: ItemId, reason: string): Telling[] {
  const payee = otherPayee(claim, id);
  const told = { item: id, reason };
  return payee
    ? [
        ...toParty(payee, 'payment-returned', told),
        ...toOwner(claim, id, 'payment-returned', { item: id, isToAnother: true }),
      ]
    : toOwner(claim, id, 'payment-returned', told);
}

/** The payee where it is not the party that has the claim. */
function otherPayee(claim: Claim, id: ItemId): Party | undefined {
  const item = itemOf(claim, id);
  return item && payeeOf(item) !== item.party ? partyOf(claim, payeeOf(item)) : undefined;
}

function refusal(claim: Claim, item: string): Telling[] {
  const decided = itemOf(claim, item)?.refusal;
  return decided
    ? toOwner(claim, item, 'refused', { item, clause: decided.clause, reason: decided.reasons.join(', ') })
    : [];
}

/**
 * Where the bank has returned a payment the party has been asked with that news; where the notice named an
 * account nobody need be.
 */
function accountNeeded(claim: Claim, id = ''): Telling[] {
  const item = itemOf(claim, id);
  const isKnown =
    !item || item.payments.some(({ kind }) => kind === 'returned') || itemParty(claim, id)?.account;
  return isKnown ? [] : toOwner(claim, id, 'payee-account-needed', { item: id });
}

const amountOf = (claim: Claim, id: string): NotificationFacts => {
  const item = itemOf(claim, id);
  if (!item) return {};
  const amountMinor = payableMinor(claim, item);
  return amountMinor === undefined
    ? {}
    : { amountMinor, account: { claimedMinor: item.claimedMinor, cuts: cutsOf(claim, item) } };
};

const toClaimant = (claim: Claim, kind: NotificationKind, facts: NotificationFacts): Telling[] =>
  toParty(claimant(claim), kind, facts);

const toOwner = (
  claim: Claim,
  item: string | undefined,
  kind: NotificationKind,
  facts: NotificationFacts,
): Telling[] => toParty(item ? itemParty(claim, item) : claimant(claim), kind, facts);

const toParty = (party: Party | undefined, kind: NotificationKind, facts: NotificationFacts): Telling[] =>
  party ? [{ kind, to: { party: party.id }, facts }] : [];

const itemParty = (claim: Claim, id: string): Party | undefined =>
  partyOf(claim, itemOf(claim, id)?.party ?? '');
