import { assertNever } from '../assert-never.ts';
import {
  itemOf,
  type Claim,
  type Document,
  type Fate,
  type Item,
  type Payment,
  type Saying,
} from './claim.ts';
import type { Expectation } from '../waiting/expectation.ts';
import type { JournalEntry, Opening } from './journal.ts';
import type { ItemId } from '../ids.ts';
import {
  matterOf,
  partsOf,
  sayingOf,
  type Notification,
  type NotificationOutcome,
} from '../messages/notifications.ts';
import type { Party } from '../people/people.ts';
import { present } from '../present.ts';
import { returnedTo, stageOf } from '../road/road.ts';
import { signOffs, type SignOff } from '../road/steps.ts';
import type { RulePack } from '../rules/pack.ts';

/**
 * Messages that a claim remembers, so that one that is sent twice counts once. More than any burst of
 * retries.
 */
const remembered = 200;

/**
 * The claim after one more journal entry: pure, and the only code that changes state. The workflow, the read
 * model and the tests
 * all fold with it. The first entry must be `claim-opened`; a gap in the numbers throws, for the fold would
 * be another claim.
 */
export function evolve(claim: Claim | undefined, entry: JournalEntry, pack: RulePack): Claim {
  if (entry.seq !== (claim?.seq ?? 0) + 1)
    throw new Error(`Journal entry ${entry.seq} cannot follow ${claim?.seq ?? 0}`);
  const changed = claim ? apply(claim, entry) : opened(entry);
  const handled =
    entry.message && !changed.handled.includes(entry.message)
      ? [...changed.handled, entry.message].slice(-remembered)
      : changed.handled;
  const after = { ...changed, handled, seq: entry.seq };
  const stage = stageOf(after, pack);
  return stage === after.stage ? after : { ...after, stage, stageSince: entry.at };
}

/** A whole journal, folded. */
export const fold = (entries: JournalEntry[], pack: RulePack): Claim | undefined =>
  entries.reduce<Claim | undefined>((claim, entry) => evolve(claim, entry, pack), undefined);

function opened(entry: JournalEntry): Claim {
  if (entry.kind !== 'claim-opened') throw new Error(`A journal begins with claim-opened, not ${entry.kind}`);
  const { kind: _, seq, at, by: __, message: ___, source: ____, reference: _____, items, ...opening } = entry;
  return {
    ...(opening satisfies Omit<Opening, 'items'>),
    items: items.map((item) => ({
      ...item,
      documents: {},
      assessments: 0,
      signedOff: {},
      approvals: [],
      payments: [],
      returned: 0,
    })),
    acknowledged: false,
    documents: {},
    expectations: [],
    outbox: [],
    told: {},
    heard: {},
    said: {},
    unreached: [],
    unanswered: [],
    letters: [],
    problems: [],
    withdrawalRequested: false,
    handled: [],
    stage: 'acknowledge',
    stageSince: at,
    seq,
  };
}

function apply(claim: Claim, entry: JournalEntry): Claim {
  if (isSignOff(entry)) return signed(claim, entry);
  switch (entry.kind) {
    case 'claim-opened':
      throw new Error('A claim is opened once');
    case 'acknowledged':
      return { ...claim, acknowledged: true };
    case 'cover-checked':
      return { ...claim, cover: entry.cover };
    case 'survey-reported':
      return { ...claim, survey: { by: entry.by, at: entry.at, onScene: entry.onScene } };
    case 'document-received':
      return onDocument(claim, entry, (before) => ({
        state: 'received',
        attachments: [...attachmentsOf(before), entry.attachment],
        at: entry.at,
      }));
    case 'document-accepted':
      return onDocument(claim, entry, (before) => ({
        state: 'accepted',
        attachments: attachmentsOf(before),
        by: entry.by,
      }));
    case 'document-rejected':
      return onDocument(claim, entry, () => ({ state: 'rejected', reason: entry.reason, at: entry.at }));
    case 'document-waived':
      return onDocument(claim, entry, () => ({ state: 'waived', by: entry.by }));
    case 'receipt-issued':
      return onItem(claim, entry.item, () => ({ receipt: { number: entry.number, at: entry.at } }));
    case 'assessed':
      return onItem(claim, entry.item, () => ({
        assessments: entry.version,
        assessment: {
          version: entry.version,
          amountMinor: entry.amountMinor,
          by: entry.by,
          ...(entry.cuts && { cuts: entry.cuts }),
        },
      }));
    case 'payee-set':
      return onItem(claim, entry.item, () => ({
        payee: { party: entry.party, account: entry.account, changed: entry.changed },
      }));
    case 'risk-scored':
      return onItem(claim, entry.item, () => ({
        score: { of: entry.of, points: entry.points, factors: entry.factors },
      }));
    case 'approved':
      return onItem(claim, entry.item, (item) => ({
        approvals: [...item.approvals, { of: entry.of, by: entry.by, at: entry.at }],
      }));
    case 'approval-voided':
      return onItem(claim, entry.item, (item) => ({
        approvals: item.approvals.filter(({ of }) => of !== entry.of),
        payments: item.payments.filter(({ kind }) => kind !== 'approved'),
      }));
    case 'payment-approved':
      return onItem(claim, entry.item, (item) => ({
        payments: [
          ...item.payments.filter(({ kind }) => kind !== 'approved'),
          {
            kind: 'approved',
            id: entry.payment,
            of: entry.of,
            amountMinor: entry.amountMinor,
            at: entry.at,
            to: entry.to,
          },
        ],
      }));
    case 'payment-instructed':
      return onPayment(claim, entry, (payment) => ({ ...base(payment), kind: 'instructed' }));
    case 'payment-confirmed':
      return onPayment(claim, entry, (payment) => ({
        ...base(payment),
        kind: 'confirmed',
        reference: entry.reference,
      }));
    // The account did not work: it is asked for again, and the new payment is approved again.
    case 'payment-returned':
      return withoutPayee(
        onPayment(claim, entry, (payment) => ({ ...base(payment), kind: 'returned', reason: entry.reason })),
        entry.item,
      );
    case 'returned-for-rework':
      return reworked(claim, entry);
    case 'refusal-proposed':
      return onItem(claim, entry.item, () => ({
        refusal: { clause: entry.clause, reasons: entry.reasons, by: entry.by },
      }));
    case 'refusal-confirmed':
      return onItem(claim, entry.item, (item) =>
        item.refusal ? { refusal: { ...item.refusal, confirmedBy: entry.by } } : {},
      );
    case 'withdrawal-requested':
      return { ...claim, withdrawalRequested: true };
    case 'withdrawal-cancelled':
      return { ...claim, withdrawalRequested: false };
    case 'item-concluded':
      return onItem(claim, entry.item, () => ({ outcome: entry.outcome }));
    case 'claim-closed':
      return { ...claim, outcome: entry.outcome };
    case 'handed-over':
      return { ...claim, [entry.role]: entry.to };
    case 'claim-corrected':
      return corrected(claim, entry);
    case 'contact-corrected':
      return {
        ...claim,
        unreached: claim.unreached.filter(({ party }) => party !== entry.party),
        parties: claim.parties.map((party) =>
          party.id === entry.party
            ? {
                ...party,
                reach: entry.reach,
                lost: undefined,
                ...(entry.prefers && { prefers: entry.prefers }),
              }
            : party,
        ),
      };
    case 'call-recorded':
      return {
        ...called(claim, entry),
        expectations: claim.expectations.map((open) =>
          open.ask === entry.party ? { ...open, callDue: false } : open,
        ),
      };
    case 'expectation-opened':
      return { ...claim, expectations: [...claim.expectations, entry.expectation] };
    case 'expectation-ended':
      return { ...claim, expectations: claim.expectations.filter(({ id }) => id !== entry.expectation) };
    case 'rung-taken':
      return onExpectation(claim, entry.expectation, (open) => risen(open, entry));
    case 'promised':
      return onExpectation(claim, entry.expectation, () => ({ promised: entry.promised, next: entry.next }));
    case 'notification-planned':
      return {
        ...claim,
        heard: withHeard(claim, entry.notification, { planned: entry.at }),
        outbox: [...claim.outbox, entry.notification],
        // What another channel says instead keeps its number, and later ones may have been planned since.
        told: {
          ...claim.told,
          [entry.notification.kind]: Math.max(
            claim.told[entry.notification.kind] ?? 0,
            entry.notification.seq,
          ),
        },
      };
    case 'notification-extended':
      return {
        ...claim,
        outbox: claim.outbox.map((planned) =>
          planned.id === entry.notification
            ? {
                ...planned,
                facts: {
                  ...planned.facts,
                  documents: [...(planned.facts.documents ?? []), ...entry.documents],
                },
              }
            : planned,
        ),
      };
    case 'notification-ended':
      return handedOver(claim, entry);
    case 'delivery-reported':
      return withReceipt(claim, entry);
    case 'clock-changed':
      return onItem(claim, entry.item, () => ({ clock: entry.to }));
    case 'channel-lost':
      return onParty(claim, entry.party, ({ reach, lost }) => ({
        reach: { ...reach, [entry.channel]: false },
        lost: { ...lost, [entry.channel]: entry.code },
      }));
    case 'channel-restored':
      return onParty(claim, entry.party, ({ reach, lost }) => ({
        reach: { ...reach, [entry.channel]: true },
        lost: { ...lost, [entry.channel]: undefined },
      }));
    case 'party-unreached':
      return {
        ...claim,
        unreached: [...claim.unreached, { party: entry.party, notification: entry.notification }],
      };
    case 'text-received':
      return {
        ...claim,
        unanswered: [...claim.unanswered, { party: entry.party, note: entry.note }],
      };
    case 'letter-posted':
      return {
        ...withoutUnreached(claim, entry.notification),
        letters: claim.letters.filter((letter) => letter !== entry.notification),
      };
    case 'problem-raised':
      return {
        ...claim,
        problems: [...claim.problems, { id: entry.problem, what: entry.what, since: entry.at }],
      };
    case 'problem-solved':
      return { ...claim, problems: claim.problems.filter(({ id }) => id !== entry.problem) };
    case 'note-added':
    case 'message-refused':
      return claim;
    default:
      return assertNever(entry);
  }
}

type Of<K extends JournalEntry['kind']> = Extract<JournalEntry, { kind: K }>;

type SignedEntry = Extract<JournalEntry, { kind: SignOff }>;

const stepsBySignOff = new Map<string, string>(Object.entries(signOffs).map(([step, kind]) => [kind, step]));
const isSignOff = (entry: JournalEntry): entry is SignedEntry => stepsBySignOff.has(entry.kind);

const signed = (claim: Claim, { kind, item, version, by }: SignedEntry): Claim =>
  onItem(claim, item, ({ signedOff }) => ({
    signedOff: { ...signedOff, [stepsBySignOff.get(kind) ?? kind]: { version, by } },
  }));

const onItem = (claim: Claim, id: ItemId, change: (item: Item) => Partial<Item>): Claim => ({
  ...claim,
  items: claim.items.map((item) => (item.id === id ? { ...item, ...change(item) } : item)),
});

const onExpectation = (
  claim: Claim,
  id: string,
  change: (open: Expectation) => Partial<Expectation>,
): Claim => ({
  ...claim,
  expectations: claim.expectations.map((open) => (open.id === id ? { ...open, ...change(open) } : open)),
});

const onPayment = (
  claim: Claim,
  { item, payment: id }: { item: ItemId; payment: string },
  change: (payment: Payment) => Payment,
): Claim =>
  onItem(claim, item, ({ payments }) => ({
    payments: payments.map((payment) => (payment.id === id ? change(payment) : payment)),
  }));

const base = ({
  id,
  of,
  amountMinor,
  at,
  to,
}: Payment): Pick<Payment, 'id' | 'of' | 'amountMinor' | 'at' | 'to'> => ({ id, of, amountMinor, at, to });

function onDocument(
  claim: Claim,
  { item, document }: { item?: ItemId; document: string },
  change: (before: Document | undefined) => Document,
): Claim {
  if (item)
    return onItem(claim, item, ({ documents }) => ({
      documents: { ...documents, [document]: change(documents[document]) },
    }));
  return { ...claim, documents: { ...claim.documents, [document]: change(claim.documents[document]) } };
}

const attachmentsOf = (document: Document | undefined): string[] =>
  document && 'attachments' in document ? document.attachments : [];

const withoutPayee = (claim: Claim, id: ItemId): Claim => onItem(claim, id, () => ({ payee: undefined }));

/** Sent back to a step: what was done from there on is to be done again; what was decided falls with it. */
function reworked(
  claim: Claim,
  { item: id, to, reason, documents = [], at }: Of<'returned-for-rework'>,
): Claim {
  const rejected: Document = { state: 'rejected', reason, at };
  const redo = Object.fromEntries(documents.map((kind) => [kind, rejected]));
  // A refusal that the cover check proposed is undone by checking cover again.
  const uncovered = itemOf(claim, id)?.refusal?.by === 'lipei' ? { ...claim, cover: undefined } : claim;
  const back = onItem(uncovered, id, (item) => ({
    ...returnedTo(to, item),
    returned: item.returned + 1,
    ...(to === 'documents' && {
      documents: { ...item.documents, ...pick(redo, (kind) => !(kind in claim.documents)) },
    }),
  }));
  return to === 'documents'
    ? { ...back, documents: { ...back.documents, ...pick(redo, (kind) => kind in claim.documents) } }
    : back;
}

const pick = (
  documents: Record<string, Document>,
  keep: (kind: string) => boolean,
): Record<string, Document> => Object.fromEntries(Object.entries(documents).filter(([kind]) => keep(kind)));

/**
 * Another policy or date of loss: cover is checked again, and a refusal that rested on the old ones falls.
 */
function corrected(claim: Claim, { policy, lossAt, item }: Of<'claim-corrected'>): Claim {
  const restated = item ? onItem(claim, item.id, () => ({ claimedMinor: item.claimedMinor })) : claim;
  if (!policy && !lossAt) return restated;
  return {
    ...restated,
    ...(policy && { policy }),
    ...(lossAt && { lossAt }),
    cover: undefined,
    items: restated.items.map((each) => (each.outcome ? each : { ...each, refusal: undefined })),
  };
}

const risen = (open: Expectation, { did, to, rung, next, from }: Of<'rung-taken'>): Partial<Expectation> => ({
  rung,
  next,
  promised: undefined,
  ...(from && { from }),
  ...(did === 'call' && { callDue: true }),
  ...(did === 'escalate' && to && { escalatedTo: [...new Set([...open.escalatedTo, to])] }),
});

const onParty = (claim: Claim, id: string, change: (party: Party) => Partial<Party>): Claim => ({
  ...claim,
  parties: claim.parties.map((party) => (party.id === id ? { ...party, ...change(party) } : party)),
});

/** Whoever was reached has heard it, and has said what they wanted. */
function called(claim: Claim, { party, outcome, at }: Of<'call-recorded'>): Claim {
  if (outcome !== 'reached' && outcome !== 'busy-will-go-later') return claim;
  const isAnothers = (each: { party: string }): boolean => each.party !== party;
  return {
    ...claim,
    heard: withHeard(claim, { to: { party } }, { taken: at }),
    unreached: claim.unreached.filter(isAnothers),
    unanswered: claim.unanswered.filter(isAnothers),
  };
}

const isSameSaying = (one: string, other: string): boolean => {
  const [a, b] = [partsOf(one), partsOf(other)];
  return a !== undefined && b !== undefined && sayingOf(a) === sayingOf(b);
};

const withHeard = (
  { heard }: Claim,
  { to }: Pick<Notification, 'to'>,
  change: { planned: string } | { taken: string },
): Claim['heard'] => ('party' in to ? { ...heard, [to.party]: { ...heard[to.party], ...change } } : heard);

const fates: Partial<Record<NotificationOutcome['kind'], Fate>> = {
  accepted: 'sent',
  undeliverable: 'failed',
  lost: 'lost',
};

/** A receipt may come before the sender's own answer: then it is the one that counts. */
function withOutcome(claim: Claim, notification: Notification, { kind }: NotificationOutcome): Claim {
  const fate = fates[kind];
  const known = claim.said[sayingOf(notification)]?.by[notification.channel];
  return fate && !known ? withFate(claim, notification, fate) : claim;
}

function withReceipt(claim: Claim, { notification: id, outcome, arrived }: Of<'delivery-reported'>): Claim {
  const parts = partsOf(id);
  if (!parts) return claim;
  const told = withFate(
    claim,
    claim.outbox.find((planned) => planned.id === id) ?? parts,
    outcome === 'delivered' ? 'delivered' : 'failed',
  );
  const [saying, before] = [sayingOf(parts), told.said[sayingOf(parts)]];
  return before && outcome === 'delivered' && !before.arrived
    ? { ...told, said: { ...told.said, [saying]: { ...before, arrived } } }
    : told;
}

type Identity = Pick<Notification, 'kind' | 'seq' | 'channel'>;

function withFate(claim: Claim, notification: Notification | Identity, fate: Fate): Claim {
  const saying = sayingOf(notification);
  const before = claim.said[saying] ?? sayingFrom(notification);
  if (!before) return claim;
  const by = { ...before.by, [notification.channel]: fate };
  return { ...claim, said: { ...claim.said, [saying]: { ...before, by } } };
}

/** Of what goes to a party; what staff are told stands on their work lists. */
function sayingFrom(notification: Notification | Identity): Saying | undefined {
  if (!('to' in notification) || !('party' in notification.to)) return undefined;
  const { kind, to, facts, decidedAt } = notification;
  return {
    kind,
    party: to.party,
    by: {},
    about: matterOf(facts),
    ...present({ decidedAt, isRepeat: facts.isRepeat }),
  };
}

/** It has reached them on paper, or nobody need hear it any more: nobody calls because of it. */
const withoutUnreached = (claim: Claim, id: string): Claim => ({
  ...claim,
  unreached: claim.unreached.filter(({ notification }) => !isSameSaying(notification, id)),
});

function handedOver(claim: Claim, { notification: id, outcome, at }: Of<'notification-ended'>): Claim {
  const notification = claim.outbox.find((planned) => planned.id === id);
  if (!notification) return claim;
  const sent = {
    ...withOutcome(claim, notification, outcome),
    outbox: claim.outbox.filter((planned) => planned.id !== id),
  };
  if (outcome.kind === 'suppressed' && outcome.reason === 'overtaken') return withoutUnreached(sent, id);
  if (outcome.kind !== 'accepted') return sent;
  const heard = withHeard(claim, notification, { taken: at });
  return notification.channel === 'letter'
    ? { ...sent, heard, letters: [...sent.letters, id] }
    : { ...sent, heard };
}
