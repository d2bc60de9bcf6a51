import { heldBy, lastPayment, paymentAtBank, wasInstructed, type Claim, type Item } from '../claim/claim.ts';
import type { ActName } from '../claim/acts.ts';
import type { ProcessCommand } from '../claim/commands.ts';
import { isAboutStaff } from '../claim/problems.ts';
import { missingDocuments } from '../documents/requirements.ts';
import { isSmallLoss } from '../money/authority.ts';
import { dueMinor, payableHash } from '../money/payable.ts';
import type { PartyKind } from '../people/people.ts';
import { memoized } from '../memo.ts';
import type { RulePack } from '../rules/pack.ts';
import {
  claimSteps,
  itemSteps,
  type ClaimStep,
  type ItemStep,
  type SignOffStep,
  type Stage,
} from './steps.ts';

/**
 * Who takes a step. `process`: Lipei itself. `papers`: each missing paper has an expectation of its own.
 * Otherwise the claim waits for a person, with a ladder; `owner` is the item's party, which owes something.
 */
export type Taker = 'process' | 'papers' | StaffOrBank | { who: 'owner'; ladder: string; owes: string };

/** `act` is how a member of staff takes the step; `actOnRefusal`: where a refusal is proposed. */
interface StaffOrBank {
  who: PartyKind;
  ladder: string;
  act?: ActName;
  actOnRefusal?: ActName;
}

interface Step {
  by: Taker;
  /** The end of the step in words, for the documents. */
  ends: string;
}

interface ClaimStepRow extends Step {
  isDone(claim: Claim): boolean;
}

/** A command of the process about one item. */
export type ItemCommandKind = Exclude<
  Extract<ProcessCommand, { item: string }>['kind'],
  'payment-instructed' | 'void-approvals' | 'count-together'
>;

export interface ItemStepRow extends Step {
  isDone(item: Item, claim: Claim, pack: RulePack): boolean;
  /**
   * The command by which the process takes the step, or by which the rules decide before a person is asked.
   */
  command?: ItemCommandKind;
  /** The items that need the step; all where absent. */
  appliesTo?(item: Item, claim: Claim, pack: RulePack): boolean;
  /**
   * `refusal`: an item that is proposed for refusal goes straight to review. `payment`: a payment order is
   * not recalled, so after it only the bank's answer moves the item.
   */
  skippedBy: readonly ('refusal' | 'payment')[];
  /** The decision about the item has been made, so the law's clock has stopped. */
  isAfterDecision?: true;
  /** The fields that are undone when an item is returned to this step or an earlier one. */
  undo(item: Item): Partial<Item>;
}

/** Something is to be paid, or it is not known yet. */
const isPayable = (item: Item, claim: Claim): boolean => dueMinor(claim, item) !== 0;

const isWithBank = (item: Item): boolean => paymentAtBank(item)?.kind === 'instructed';

const isRefusedForGood = (item: Item): boolean => item.refusal?.confirmedBy !== undefined;

const isToBePaid = (item: Item, claim: Claim): boolean =>
  item.refusal ? !isRefusedForGood(item) : isPayable(item, claim);

/**
 * An approval counts for exactly this payment: another amount, payee or piece of evidence gives another hash.
 */
function isApproved(item: Item, claim: Claim): boolean {
  const payment = lastPayment(item);
  return payment?.kind === 'approved' && payment.of === payableHash(claim, item);
}

/** What the rules verified counts only while the loss is small enough for them. */
const isStillVerified = (item: Item, claim: Claim, pack: RulePack): boolean =>
  item.signedOff.verify?.by !== 'lipei' || isSmallLoss(claim, item, pack);

const isSignedOff = (step: SignOffStep, item: Item): boolean =>
  item.signedOff[step]?.version === item.assessment?.version;

function withoutSignature(step: SignOffStep, { signedOff }: Item): Partial<Item> {
  const { [step]: _, ...others } = signedOff;
  return { signedOff: others };
}

/** The claim's own steps, before each item takes its own. */
export const roadOfClaim: Record<ClaimStep, ClaimStepRow> = {
  acknowledge: {
    isDone: ({ acknowledged }) => acknowledged,
    by: 'process',
    ends:
      'the customer has the number, the steps, the list of documents and the expected dates; ' +
      'other parties have their lists',
  },
  cover: {
    // What the bank has is not looked at again before the bank has answered.
    isDone: ({ cover, policyNews, items }) =>
      cover !== undefined && (policyNews === undefined || items.some(isWithBank)),
    by: 'process',
    ends:
      'the policy was in force at the moment of loss and covers line, object and cause; ' +
      'otherwise a refusal is *proposed*, and two people uphold it; ' +
      'checked anew when the policy changes; it waits for a policy whose source is away',
  },
  survey: {
    // A loss that is not covered needs no survey, unless a reviewer returns the refusal.
    isDone: ({ survey, surveyWaived, items }) =>
      survey !== undefined || surveyWaived === true || items.every((item) => item.refusal ?? item.outcome),
    by: { who: 'surveyor', ladder: 'survey', act: 'report-survey' },
    ends: 'the report: on the scene or not',
  },
};

/**
 * The road of an item as data: the first step that is not done is next, and a step that the journal undoes is
 * done again. So a return for rework, a voided approval, a returned payment or a late document need no code
 * of their own. All other code reads the steps here: the workflow, expectations and their ladders, clocks,
 * hand-over, work lists, the checks of rules and texts, the page of the process.
 */
export const road: Record<ItemStep, ItemStepRow> = {
  documents: {
    isDone: (item, claim, pack) => missingDocuments(claim, item, pack).length === 0,
    by: 'papers',
    ends:
      'every required document is accepted or waived ' +
      '(a substitute counts; a received document counts once it is accepted)',
    skippedBy: ['refusal', 'payment'],
    undo: () => ({}),
  },
  receipt: {
    isDone: ({ receipt }) => receipt !== undefined,
    by: 'process',
    command: 'issue-receipt',
    ends: "the papers are complete; the receipt confirms the time, and the calculation's clock starts",
    skippedBy: ['refusal', 'payment'],
    undo: () => ({ receipt: undefined }),
  },
  assess: {
    isDone: ({ assessment }) => assessment !== undefined,
    by: { who: 'handler', ladder: 'handler', act: 'assess' },
    ends:
      'the amount; if it is below the claimed amount, also the reason of each part of the difference, ' +
      'which the payee reads in the decision (S36)',
    skippedBy: ['refusal', 'payment'],
    undo: () => ({ assessment: undefined }),
  },
  verify: {
    isDone: (item, claim, pack) => isSignedOff('verify', item) && isStillVerified(item, claim, pack),
    by: { who: 'verifier', ladder: 'verifier', act: 'verify' },
    command: 'verify-by-rules',
    ends:
      'a second person, or the rules up to a limit, confirms this version of the assessment; ' +
      'never the rules where no scene was seen or the notice was late (S12)',
    skippedBy: ['refusal', 'payment'],
    undo: (item) => withoutSignature('verify', item),
  },
  payee: {
    isDone: ({ payee }) => payee !== undefined,
    by: { who: 'owner', ladder: 'payee', owes: 'payee-account' },
    command: 'take-payee',
    ends: 'the payee and the account are known: from the notice of loss, else from the party',
    // Perhaps it was paid already: then nobody is asked for an account.
    appliesTo: (item, claim) => isPayable(item, claim) && (heldBy(item)?.why ?? 'returned') === 'returned',
    skippedBy: ['refusal', 'payment'],
    undo: () => ({}),
  },
  clear: {
    isDone: ({ holds }) => holds.length === 0,
    by: { who: 'finance', ladder: 'finance', act: 'clear-payment' },
    ends:
      'the bank has returned a payment, has it already, or contradicts itself: ' +
      'finance finds out what was paid and clears it; until then nothing is paid',
    skippedBy: [],
    undo: () => ({}),
  },
  score: {
    isDone: (item, claim) => item.score?.of === payableHash(claim, item),
    by: 'process',
    command: 'score',
    ends: 'risk points, for every payment',
    appliesTo: isPayable,
    skippedBy: ['refusal', 'payment'],
    undo: () => ({ score: undefined }),
  },
  review: {
    isDone: (item, claim) => isRefusedForGood(item) || isApproved(item, claim),
    by: { who: 'reviewer', ladder: 'review', act: 'approve', actOnRefusal: 'refuse' },
    command: 'review-by-rules',
    ends:
      'the rules up to a limit, else one or two reviewers with authority, ' +
      'approve exactly this amount, payee and evidence; or two people refuse',
    appliesTo: (item, claim) => item.refusal !== undefined || isPayable(item, claim),
    skippedBy: ['payment'],
    undo: () => ({ approvals: [], refusal: undefined }),
  },
  pay: {
    isDone: wasInstructed,
    by: 'process',
    ends: 'the bank has taken the order',
    appliesTo: isToBePaid,
    skippedBy: ['payment'],
    isAfterDecision: true,
    undo: ({ payments }) => ({ payments: payments.filter(({ kind }) => kind !== 'approved') }),
  },
  confirm: {
    isDone: (item) => paymentAtBank(item)?.kind === 'confirmed',
    by: { who: 'bank', ladder: 'bank' },
    ends: 'the bank has paid',
    appliesTo: isToBePaid,
    skippedBy: [],
    isAfterDecision: true,
    undo: () => ({}),
  },
  conclude: {
    isDone: ({ outcome }) => outcome !== undefined,
    by: 'process',
    command: 'conclude',
    ends: "the item's outcome; the claim closes when every item has one and no message is open",
    skippedBy: [],
    isAfterDecision: true,
    undo: () => ({}),
  },
};

const wholeRoad = { ...roadOfClaim, ...road };

/** Who takes a step of the claim or of an item. */
export const takerOf = (step: ClaimStep | ItemStep): Taker => wholeRoad[step].by;

/** Does the process take it by itself? */
export const isOwnStep = (step: ClaimStep | ItemStep): boolean => takerOf(step) === 'process';

/** Steps that staff or the bank take: their names appear on work lists. */
export const staffSteps: readonly (ClaimStep | ItemStep)[] = [...claimSteps, ...itemSteps].filter((step) => {
  const taker = takerOf(step);
  return typeof taker === 'object' && taker.who !== 'owner';
});

/** The ladders of the steps. */
export const laddersOfRoad: readonly string[] = [...claimSteps, ...itemSteps].flatMap((step) => {
  const taker = takerOf(step);
  return typeof taker === 'object' ? [taker.ladder] : [];
});

/** What parties owe beside papers, by the codes that messages use. */
export const owedByParties: readonly string[] = itemSteps.flatMap((step) => {
  const taker = takerOf(step);
  return typeof taker === 'object' && taker.who === 'owner' ? [taker.owes] : [];
});

/** The claim's own next step; undefined when its items may proceed. */
export const nextClaimStep = (claim: Claim): ClaimStep | undefined =>
  claimSteps.find((step) => !roadOfClaim[step].isDone(claim));

/** The item's next step; undefined when it has ended. */
export const nextStep = (claim: Claim, item: Item, pack: RulePack): ItemStep | undefined =>
  item.outcome ? undefined : firstUndone(item, claim, pack);

const firstUndone = memoized((item: Item, claim: Claim, pack: RulePack) =>
  itemSteps.find((step) => isAsked(road[step], item, claim, pack) && !road[step].isDone(item, claim, pack)),
);

function isAsked({ appliesTo, skippedBy }: ItemStepRow, item: Item, claim: Claim, pack: RulePack): boolean {
  if (wasInstructed(item)) return !skippedBy.includes('payment');
  if (item.refusal && skippedBy.includes('refusal')) return false;
  return appliesTo?.(item, claim, pack) ?? true;
}

/** The stage of a claim: its own next step, then the step of its least advanced open item. */
export function stageOf(claim: Claim, pack: RulePack): Stage {
  if (claim.outcome) return 'closed';
  const open = claim.items.map((item) => nextStep(claim, item, pack)).filter((step) => step !== undefined);
  return nextClaimStep(claim) ?? itemSteps.find((step) => open.includes(step)) ?? 'conclude';
}

/** The item after a return to a step: that step and all later ones are undone (S7). */
export const returnedTo = (to: ItemStep, item: Item): Item =>
  itemSteps
    .slice(itemSteps.indexOf(to))
    .reduce((back, step) => ({ ...back, ...road[step].undo(back) }), item);

/**
 * Every item has ended, and no appeal, late document, message, letter, call or problem is open: the claim may
 * be closed.
 */
export const isSettled = (claim: Claim): boolean =>
  claim.items.every(({ outcome, appeal, lateDocument }) => outcome && !appeal && !lateDocument) &&
  claim.problems.every(isAboutStaff) &&
  [claim.outbox, claim.unreached, claim.letters].every((list) => list.length === 0);
