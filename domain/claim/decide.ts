import { assertNever } from '../assert-never.ts';
import { takeRungs } from '../waiting/chase.ts';
import type { Claim, ClaimOutcome } from './claim.ts';
import type { Command, HumanCommand } from './commands.ts';
import { clockChanges } from '../waiting/clocks.ts';
import { checkCover } from '../money/cover.ts';
import { acceptDocument, receiveDocument, rejectDocument, waiveDocument } from '../documents/decisions.ts';
import { amend } from './amendments.ts';
import {
  assess,
  conclude,
  instructed,
  issueReceipt,
  reportSurvey,
  signOff,
  verifyByRules,
  withdraw,
} from '../road/progress.ts';
import {
  approve,
  bankConfirmed,
  bankReturned,
  refuse,
  returnForRework,
  reviewByRules,
  scorePayment,
  setPayee,
  takePayee,
  voidApprovals,
} from '../money/payment.ts';
import { add, type Draft } from './draft.ts';
import { evolve } from './evolve/evolve.ts';
import { takeHeartbeat } from '../waiting/heartbeat.ts';
import { expectationChanges } from '../waiting/expectations.ts';
import type { Event, JournalEntry, Opening } from './journal.ts';
import {
  contactTurnedOut,
  endNotification,
  resend,
  takeDeliveryReport,
  textArrived,
} from '../messages/deliveries.ts';
import { raiseProblem, solveProblems } from './problem-decisions.ts';
import { isAskedFor } from './problems.ts';
import { isSignOffStep, type SignOffStep } from '../road/steps.ts';
import { denied, type Denied } from '../denial.ts';
import type { Rules } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';

/** What a decision is made against, besides the claim. */
export interface World {
  now: Instant;
  rules: Rules;
}

/** Entries to record, numbered, and the claim as they leave it; or a refusal, and nothing has happened. */
export type Decision = { kind: 'decided'; entries: JournalEntry[]; claim: Claim } | Denied;

/** The first entries of a claim. */
export function openClaim(
  opening: Opening & { source: string; reference: string },
  world: World,
): { entries: JournalEntry[]; claim: Claim } {
  const entry: JournalEntry = { kind: 'claim-opened', ...opening, seq: 1, at: world.now, by: 'lipei' };
  return { entries: [entry], claim: evolve(undefined, entry, world.rules.pack) };
}

/**
 * What a command means for a claim, on its state as it is at this moment. Pure. After the command's own
 * events it voids
 * approvals that no longer fit, and opens and ends what is waited for. A message that was taken before
 * decides nothing.
 */
export function decide(claim: Claim, command: Command, { now, rules }: World): Decision {
  if (command.message && claim.handled.includes(command.message))
    return { kind: 'decided', entries: [], claim };
  if (claim.outcome && !isLastWord(claim, command))
    return denied(
      'claim-closed',
      `Claim ${claim.number} is closed (${claim.outcome}); ask for it to be reopened.`,
    );
  const by = 'person' in command ? command.person.code : author(command);
  const draft: Draft = {
    claim,
    entries: [],
    now,
    rules,
    by,
    ...(command.message && { message: command.message }),
  };
  const answer = carryOut(draft, command);
  if (answer) return answer;
  voidApprovals(draft, command.kind);
  reconcile(draft);
  return { kind: 'decided', entries: draft.entries, claim: draft.claim };
}

/**
 * The last messages are still on their way when a claim has closed, and its last entries: what holds them up
 * can break and be mended.
 */
const isLastWord = ({ problems }: Claim, { kind }: Command): boolean =>
  ['notification-ended', 'raise-problem', 'solve-problem'].includes(kind) ||
  (kind === 'retry' && problems.length > 0);

/**
 * Entries for a message that was refused: the refusal and its reason are kept, but nothing that somebody
 * typed; nothing else changes.
 */
export function recordDenial(
  claim: Claim,
  { reason, sentence }: Denied,
  message: { name: string; id?: string; by: string },
  { now, rules }: World,
): { entries: JournalEntry[]; claim: Claim } {
  const event: Event = {
    kind: 'message-denied',
    denial: { reason, sentence: withoutTyped(sentence), message: message.name },
  };
  const entry: JournalEntry = { ...event, seq: claim.seq + 1, at: now, by: message.by };
  return { entries: [entry], claim: evolve(claim, entry, rules.pack) };
}

/**
 * Sentences quote what was typed, for the answer. Only codes of ours go into the journal: anything else may
 * be a name or a number.
 */
function withoutTyped(sentence: string): string {
  const quoted = [...sentence.matchAll(/"([^"]*)"/g)].map(([, typed = '']) => typed);
  const isPaired = sentence.split('"').length % 2 === 1;
  return isPaired && quoted.every((typed) => /^[a-z][a-z0-9-]*$/i.test(typed))
    ? sentence
    : sentence.replace(/".*"/s, '"…"');
}

function carryOut(draft: Draft, command: Command): Denied | undefined {
  if ('person' in command) return actOf(draft, command);
  switch (command.kind) {
    case 'acknowledge':
      return (add(draft, { kind: 'acknowledged' }), undefined);
    case 'check-cover':
      return (checkCover(draft, command.policy), undefined);
    case 'take-rungs':
      return (takeRungs(draft), takeHeartbeat(draft), undefined);
    case 'issue-receipt':
      return issueReceipt(draft, command.item);
    case 'verify-by-rules':
      return verifyByRules(draft, command.item);
    case 'take-payee':
      return takePayee(draft, command.item);
    case 'score':
      return scorePayment(draft, command.item);
    case 'review-by-rules':
      return reviewByRules(draft, command.item);
    case 'payment-instructed':
      return instructed(draft, command);
    case 'request-withdrawal':
      return (add(draft, { kind: 'withdrawal-requested' }), undefined);
    case 'conclude':
      return conclude(draft, command.item);
    case 'close':
      add(draft, { kind: 'claim-closed', outcome: outcomeOf(draft.claim) });
      return undefined;
    case 'notification-ended':
      return endNotification(draft, command);
    case 'raise-problem':
      return (raiseProblem(draft, command), undefined);
    case 'solve-problem':
      return (solveProblems(draft, (open) => isAskedFor(open, command.problem)), undefined);
    case 'document-arrived':
      return receiveDocument(draft, command);
    case 'bank-confirmed':
      return bankConfirmed(draft, command);
    case 'bank-returned':
      return bankReturned(draft, command);
    case 'delivery-reported':
      return takeDeliveryReport(draft, command);
    case 'contact-turned-out':
      return contactTurnedOut(draft, command);
    case 'text-arrived':
      return textArrived(draft, command);
    default:
      return assertNever(command);
  }
}

function actOf(draft: Draft, command: HumanCommand): Denied | undefined {
  if (isSignOff(command)) return signOff(draft, command);
  switch (command.kind) {
    case 'add-document':
      return receiveDocument(draft, command);
    case 'accept-document':
      return acceptDocument(draft, command);
    case 'reject-document':
      return rejectDocument(draft, command);
    case 'waive-document':
      return waiveDocument(draft, command);
    case 'report-survey':
      return reportSurvey(draft, command);
    case 'assess':
      return assess(draft, command);
    case 'approve':
      return approve(draft, command);
    case 'return-for-rework':
      return returnForRework(draft, command);
    case 'refuse':
      return refuse(draft, command);
    case 'set-payee':
      return setPayee(draft, command);
    case 'withdraw':
      return withdraw(draft, command);
    case 'resend-notification':
      return resend(draft, command);
    default:
      return amend(draft, command);
  }
}

const isSignOff = (command: HumanCommand): command is Extract<HumanCommand, { kind: SignOffStep }> =>
  isSignOffStep(command.kind);

const author = ({ kind }: Command): string =>
  kind === 'document-arrived' || kind === 'text-arrived'
    ? 'customer'
    : kind === 'bank-confirmed' || kind === 'bank-returned'
      ? 'bank'
      : 'lipei';

/**
 * An expectation that ends may take others with it (its calls and escalations), so look until nothing
 * changes.
 */
function reconcile(draft: Draft): void {
  const changes = (): Event[] => [
    ...clockChanges(draft.claim, draft.rules, draft.now),
    ...expectationChanges(draft.claim, draft.rules, draft.now),
  ];
  for (let events = changes(); events.length > 0; events = changes()) add(draft, ...events);
}

/**
 * Paid is what was paid, and all that was payable; of what was left without a payment the weightiest reason
 * counts.
 */
function outcomeOf({ items }: Claim): ClaimOutcome {
  const kinds = new Set(items.map(({ outcome }) => outcome?.kind));
  if (kinds.has('paid')) return kinds.has('refused') || kinds.has('withdrawn') ? 'partly-paid' : 'paid';
  if (kinds.has('refused')) return 'refused';
  return kinds.has('nothing-payable') ? 'nothing-payable' : 'withdrawn';
}
