import { assertNever } from '../assert-never.ts';
import type { Denied } from '../denial.ts';
import { acceptDocument, receiveDocument, rejectDocument, waiveDocument } from '../documents/decisions.ts';
import {
  contactTurnedOut,
  endNotification,
  resend,
  takeDeliveryReport,
  textArrived,
} from '../messages/deliveries.ts';
import { waitForPolicy, checkCover, policyReported } from '../money/cover.ts';
import { countTogether, joinClaims, namedByRelated, relate } from '../money/joining.ts';
import { setPayee, takePayee } from '../money/payee.ts';
import { askBank, bankConfirmed, bankReturned, clearPayment } from '../money/payment.ts';
import {
  approve,
  refuse,
  returnForRework,
  reviewByRules,
  scorePayment,
  voidFallen,
} from '../money/review.ts';
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
import { mayNot } from '../people/permissions.ts';
import { isSignOffStep, type SignOffStep } from '../road/steps.ts';
import { takeRungs } from '../waiting/chase.ts';
import { takeHeartbeat } from '../waiting/heartbeat.ts';
import { isOpenAct } from './acts.ts';
import { amend, requestWithdrawal, retry } from './amendments.ts';
import { handlerAway, handlerBack, handlerLeft } from './whereabouts.ts';
import type { Claim, ClaimOutcome } from './claim.ts';
import type { Command, HumanCommand, OpenCommand, ProcessCommand } from './commands.ts';
import type { ReportCommand } from './reports.ts';
import { add, type Draft } from './draft.ts';
import { keepDecision, recordAppeal, reopen } from './reopening.ts';
import { knowStaffing, raiseProblem, solveProblems } from './problem-decisions.ts';
import { isAboutStaff, isAskedFor } from './problems.ts';
import { isReportName } from './reports.ts';

/** Adds a command's own events to the draft, or gives the reason why it cannot be carried out. */
export function carryOut(draft: Draft, command: Command): Denied | undefined {
  if ('person' in command) return carryOutAct(draft, command);
  if (isOpen(command)) return carryOutOpen(draft, command);
  return isReport(command) ? carryOutReport(draft, command) : carryOutStep(draft, command);
}

const isOpen = (command: Exclude<Command, HumanCommand>): command is OpenCommand => isOpenAct(command.kind);

const isReport = (command: ProcessCommand | ReportCommand): command is ReportCommand =>
  isReportName(command.kind);

/** What anybody may ask for. */
function carryOutOpen(draft: Draft, command: OpenCommand): Denied | undefined {
  switch (command.kind) {
    case 'request-withdrawal':
      return requestWithdrawal(draft);
    case 'retry':
      return retry(draft, command);
    case 'ask-bank':
      return askBank(draft, command);
    default:
      return assertNever(command);
  }
}

/** What the process does by itself. */
function carryOutStep(draft: Draft, command: ProcessCommand): Denied | undefined {
  switch (command.kind) {
    case 'acknowledge':
      return void add(draft, { kind: 'acknowledged' });
    case 'check-cover':
      return void checkCover(draft, command.policy);
    case 'wait-for-policy':
      return void waitForPolicy(draft);
    case 'take-rungs':
      takeRungs(draft);
      return void takeHeartbeat(draft);
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
    case 'void-approvals':
      return voidFallen(draft, command);
    case 'relate':
      return relate(draft, command);
    case 'count-together':
      return countTogether(draft, command);
    case 'conclude':
      return conclude(draft, command.item);
    case 'know-staffing':
      return void knowStaffing(draft, command);
    case 'close':
      solveProblems(draft, isAboutStaff);
      return void add(draft, { kind: 'claim-closed', outcome: outcomeOf(draft.claim) });
    case 'notification-ended':
      return endNotification(draft, command);
    case 'raise-problem':
      return void raiseProblem(draft, command);
    case 'solve-problem':
      return void solveProblems(draft, (open) => isAskedFor(open, command.problem));
    default:
      return assertNever(command);
  }
}

/** What comes from outside. */
function carryOutReport(draft: Draft, command: ReportCommand): Denied | undefined {
  switch (command.kind) {
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
    case 'related-claim':
      return namedByRelated(draft, command);
    case 'policy-changed':
      return policyReported(draft, command);
    case 'handler-left':
      return handlerLeft(draft, command);
    case 'handler-away':
      return handlerAway(draft, command);
    case 'handler-back':
      return handlerBack(draft, command);
    default:
      return assertNever(command);
  }
}

/** What a person does. */
function carryOutAct(draft: Draft, command: HumanCommand): Denied | undefined {
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
    case 'join-claims':
      return joinClaims(draft, command);
    case 'clear-payment':
      return clearPayment(draft, command);
    case 'ask-bank':
      return mayNot(command.person, command.kind, draft.claim) ?? askBank(draft, command);
    case 'withdraw':
      return withdraw(draft, command);
    case 'reopen':
      return reopen(draft, command);
    case 'keep-decision':
      return keepDecision(draft, command);
    case 'record-appeal':
      return recordAppeal(draft, command);
    case 'resend-notification':
      return resend(draft, command);
    default:
      return amend(draft, command);
  }
}

const isSignOff = (command: HumanCommand): command is Extract<HumanCommand, { kind: SignOffStep }> =>
  isSignOffStep(command.kind);

/** Partly paid where another item was refused or withdrawn; unpaid by the weightiest reason. */
function outcomeOf({ items }: Claim): ClaimOutcome {
  const kinds = new Set(items.map(({ outcome }) => outcome?.kind));
  if (kinds.has('paid')) return kinds.has('refused') || kinds.has('withdrawn') ? 'partly-paid' : 'paid';
  if (kinds.has('refused')) return 'refused';
  return kinds.has('nothing-payable') ? 'nothing-payable' : 'withdrawn';
}
