import { assertNever } from '../../assert-never.ts';
import { urgencyOf } from '../../money/authority.ts';
import { stageOf } from '../../road/road.ts';
import { present } from '../../present.ts';
import type { RulePack } from '../../rules/pack.ts';
import type { Claim } from '../claim.ts';
import type { JournalEntry, Opening } from '../journal.ts';
import { handledKey, rememberedUntil } from '../sender.ts';
import { isOf } from './change.ts';
import { afterCover, coverKinds } from './cover.ts';
import { afterDocument, documentKinds } from './documents.ts';
import { handsAfter } from './hands.ts';
import { afterItem, afterSignOff, isSignOff, itemKinds } from './item.ts';
import { afterMessage, messageKinds } from './messages.ts';
import { afterParty, partyKinds } from './parties.ts';
import { afterPayment, paymentKinds } from './payment.ts';
import { afterTogether, togetherKinds } from './together.ts';
import { afterWaiting, waitingKinds } from './waiting.ts';
import { afterWhole, wholeKinds } from './whole.ts';

/**
 * The claim after one more journal entry: pure, and the only code that changes state. The workflow, the read
 * model and the tests all fold with it. The first entry must be `claim-opened`. A gap in the numbers throws,
 * because the fold would be another claim.
 */
export function evolve(claim: Claim | undefined, entry: JournalEntry, pack: RulePack): Claim {
  if (entry.seq !== (claim?.seq ?? 0) + 1)
    throw new Error(`Journal entry ${entry.seq} cannot follow ${claim?.seq ?? 0}`);
  const changed = claim ? apply(claim, entry, pack) : opened(entry);
  const after = {
    ...changed,
    handled: handledAfter(changed, entry),
    hands: handsAfter(changed, entry),
    seq: entry.seq,
  };
  const stage = stageOf(after, pack);
  const urgency = urgencyOf(after, pack);
  const current = urgency === after.urgency ? after : { ...after, urgency };
  return stage === current.stage ? current : { ...current, stage, stageSince: entry.at };
}

/** A whole journal, folded. */
export const fold = (entries: JournalEntry[], pack: RulePack): Claim | undefined =>
  entries.reduce<Claim | undefined>((claim, entry) => evolve(claim, entry, pack), undefined);

function opened(entry: JournalEntry): Claim {
  if (entry.kind !== 'claim-opened') throw new Error(`A journal begins with claim-opened, not ${entry.kind}`);
  const { kind: _, seq, at, by, message: _message, received: _received, ...rest } = entry;
  const { source: _source, reference: _reference, items, ...opening } = rest;
  return {
    ...(opening satisfies Omit<Opening, 'items'>),
    filedBy: by,
    formerPolicies: [],
    items: items.map((item) => ({
      ...item,
      documents: {},
      assessments: 0,
      signedOff: {},
      approvals: [],
      payments: [],
      holds: [],
      returned: 0,
    })),
    urgency: 'normal',
    hands: [],
    appointed: [],
    acknowledged: false,
    documents: {},
    expectations: [],
    outbox: [],
    sent: {},
    lastContact: {},
    deliveries: {},
    unreached: [],
    unanswered: [],
    letters: [],
    problems: [],
    related: [],
    policyPaid: {},
    joined: {},
    withdrawalRequested: false,
    handled: {},
    stage: 'acknowledge',
    stageSince: at,
    seq,
  };
}

/** The messages that are still remembered. A denied message is not handled: it may be sent again. */
function handledAfter({ handled }: Claim, { kind, message, received, at }: JournalEntry): Claim['handled'] {
  if (message === undefined || !received || kind === 'message-denied') return handled;
  const remembered = Object.entries(handled).filter(([, { until }]) => until === undefined || until > at);
  const { from, content } = received;
  const until = rememberedUntil(received, at);
  return {
    ...Object.fromEntries(remembered),
    [handledKey({ from, id: message })]: { content, ...present({ until }) },
  };
}

/** Each noun has its file, which handles its kinds of entry exhaustively. */
function apply(claim: Claim, entry: JournalEntry, pack: RulePack): Claim {
  if (isSignOff(entry)) return afterSignOff(claim, entry);
  if (isOf(entry, wholeKinds)) return afterWhole(claim, entry);
  if (isOf(entry, coverKinds)) return afterCover(claim, entry, pack);
  if (isOf(entry, documentKinds)) return afterDocument(claim, entry);
  if (isOf(entry, itemKinds)) return afterItem(claim, entry);
  if (isOf(entry, paymentKinds)) return afterPayment(claim, entry);
  if (isOf(entry, togetherKinds)) return afterTogether(claim, entry, pack);
  if (isOf(entry, partyKinds)) return afterParty(claim, entry);
  if (isOf(entry, waitingKinds)) return afterWaiting(claim, entry);
  if (isOf(entry, messageKinds)) return afterMessage(claim, entry);
  if (entry.kind === 'claim-opened') throw new Error('A claim is opened once');
  return assertNever(entry);
}
