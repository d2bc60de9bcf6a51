import { after } from './calendar.ts';
import { claimant, itemOf, partyOf, type Claim } from './claim.ts';
import { missingDocuments, type Missing } from './documents.ts';
import type { Event } from './journal.ts';
import type { NotificationChannel, NotificationFacts, NotificationKind, Recipient } from './notifications.ts';
import { cutsOf, payableMinor } from './payable.ts';
import type { Party } from './people.ts';
import type { Rules } from './rules.ts';

/** Something to say to somebody; the channels follow from the pack, unless a rung names one. */
export interface Telling {
  kind: NotificationKind;
  to: Recipient;
  facts: NotificationFacts;
  only?: NotificationChannel;
  /** Gathered with others of its kind for a while. */
  isGathered?: true;
}

/** Who is told what because of an event (S25: told at each change). Chases are not here: rungs group them by party. */
export function notificationsOf(event: Event, claim: Claim, rules: Rules): Telling[] {
  switch (event.kind) {
    case 'acknowledged': return acknowledgement(claim, rules);
    case 'document-received': return rules.pack.collapse ? toOwner(claim, event.item, 'documents-received', { documents: [{ kind: event.document, ...(event.item && { item: event.item }) }] }).map((telling) => ({ ...telling, isGathered: true })) : [];
    case 'document-rejected': return toOwner(claim, event.item, 'document-rejected', { documents: [{ kind: event.document, reason: event.reason, ...(event.item && { item: event.item }) }] });
    case 'receipt-issued': return toOwner(claim, event.item, 'receipt-issued', { item: event.item });
    case 'verified': return toOwner(claim, event.item, 'assessed', { item: event.item, ...amountOf(claim, event.item) });
    case 'payment-approved': return toOwner(claim, event.item, 'payment-approved', { item: event.item, amountMinor: event.amountMinor });
    case 'payment-confirmed': return toOwner(claim, event.item, 'paid', { item: event.item, ...amountOf(claim, event.item) });
    case 'payment-returned': return toOwner(claim, event.item, 'payment-returned', { item: event.item, reason: event.reason });
    case 'refusal-confirmed': return refusal(claim, event.item);
    case 'expectation-opened': return event.expectation.what === 'payee-account' ? accountNeeded(claim, event.expectation.item) : [];
    case 'item-concluded': return event.outcome.kind === 'withdrawn' ? toOwner(claim, event.item, 'withdrawn', { item: event.item }) : [];
    case 'claim-closed': return toClaimant(claim, 'claim-closed', { outcome: event.outcome });
    // Named handlers do not change silently (S28).
    case 'handed-over': return event.role === 'handler' && claim.urgency === 'priority' ? toClaimant(claim, 'handler-changed', {}) : [];
    case 'returned-for-rework': return event.to === 'documents' ? toOwner(claim, event.item, 'documents-needed', { documents: owed(claim, rules, itemParty(claim, event.item)) }) : [];
    default: return [];
  }
}

/** Steps, list and expected dates (S27) to whoever reported, and everything that each other party owes in one notification (S5). */
function acknowledgement(claim: Claim, rules: Rules): Telling[] {
  const first = claimant(claim);
  if (!first) return [];
  const dated = (offset: string): string => after(claim.noticedAt, offset, rules.calendar);
  const { survey, decision, payment } = rules.pack.expected;
  const facts = { documents: owed(claim, rules, first), expected: { ...(!claim.surveyWaived && { survey: dated(survey) }), decision: dated(decision), payment: dated(payment) } };
  const others = claim.parties.filter(({ id }) => id !== first.id).map((party) => ({ party, documents: owed(claim, rules, party) }));
  return [
    { kind: 'acknowledgement', to: { party: first.id }, facts },
    ...others.filter(({ documents }) => documents.length > 0).map(({ party, documents }): Telling => ({ kind: 'documents-needed', to: { party: party.id }, facts: { documents } })),
  ];
}

/** Everything that this party owes the claim's documents, never what is held already. */
function owed(claim: Claim, rules: Rules, party: Party | undefined): NonNullable<NotificationFacts['documents']> {
  const all = claim.items.filter(({ outcome, refusal: refusing }) => !outcome && !refusing).flatMap((item) => missingDocuments(claim, item, rules.pack).filter(({ state, rule }) => state !== 'received' && party?.id === (rule.scope === 'claim' ? claimant(claim)?.id : item.party)));
  return all.filter(({ rule, item }, index) => all.findIndex((other) => other.rule.kind === rule.kind && other.item === item) === index).map((missing) => factsOf(missing, claim, rules));
}

const factsOf = ({ rule, item }: Missing, claim: Claim, rules: Rules): NonNullable<NotificationFacts['documents']>[number] => ({
  kind: rule.kind,
  ...(item && { item }),
  ...(rule.notBefore && { notBefore: after(claim.lossAt, rule.notBefore, rules.calendar) }),
});

function refusal(claim: Claim, item: string): Telling[] {
  const decided = itemOf(claim, item)?.refusal;
  return decided ? toOwner(claim, item, 'refused', { item, clause: decided.clause, reason: decided.reasons.join(', ') }) : [];
}

/** Where the bank has returned a payment the party has been asked with that news; where the notice named an account nobody need be. */
function accountNeeded(claim: Claim, id = ''): Telling[] {
  const item = itemOf(claim, id);
  const isKnown = !item || item.payments.some(({ kind }) => kind === 'returned') || itemParty(claim, id)?.account;
  return isKnown ? [] : toOwner(claim, id, 'payee-account-needed', { item: id });
}

const amountOf = (claim: Claim, id: string): NotificationFacts => {
  const item = itemOf(claim, id);
  if (!item) return {};
  const amountMinor = payableMinor(claim, item);
  return amountMinor === undefined ? {} : { amountMinor, account: { claimedMinor: item.claimedMinor, cuts: cutsOf(claim, item) } };
};

const toClaimant = (claim: Claim, kind: NotificationKind, facts: NotificationFacts): Telling[] => toParty(claimant(claim), kind, facts);

const toOwner = (claim: Claim, item: string | undefined, kind: NotificationKind, facts: NotificationFacts): Telling[] => toParty(item ? itemParty(claim, item) : claimant(claim), kind, facts);

const toParty = (party: Party | undefined, kind: NotificationKind, facts: NotificationFacts): Telling[] => (party ? [{ kind, to: { party: party.id }, facts }] : []);

const itemParty = (claim: Claim, id: string): Party | undefined => partyOf(claim, itemOf(claim, id)?.party ?? '');
