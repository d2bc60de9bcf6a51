import { acceptedDocuments } from '../documents/requirements.ts';
import type { Person } from '../people/people.ts';
import { lacksRole, mayNot, mayNotDecideOn } from '../people/permissions.ts';
import type { RulePack } from '../rules/pack.ts';
import { msOf } from '../time/time.ts';
import {
  heldBy,
  itemOf,
  lastPayment,
  paidBefore,
  wasInstructed,
  type AssessedCut,
  type Claim,
  type Item,
  type ItemOutcome,
} from '../claim/claim.ts';
import type { HumanCommand, ProcessCommand } from '../claim/commands.ts';
import { add, type Draft } from '../claim/draft.ts';
import type { ItemId } from '../ids.ts';
import { isSmallLoss } from '../money/authority.ts';
import { plainAmount } from '../money/money.ts';
import { nextClaimStep } from './road.ts';
import { signOffs, stepsBetween, type SignOffStep } from './steps.ts';
import { denied, type Denied } from '../denial.ts';
import { present } from '../present.ts';
import { isDenied, itemAt, openItem } from '../claim/open-item.ts';

type Act<K extends HumanCommand['kind']> = Extract<HumanCommand, { kind: K }>;

/** Only the appointed surveyor reports, or who stands in for them, with what was found (S11). */
export function reportSurvey(
  draft: Draft,
  { person, onScene, findings }: Act<'report-survey'>,
): Denied | undefined {
  const denial =
    lacksRole(person, 'report-survey') ??
    isNotAppointed(person, draft.claim) ??
    mayNot(person, 'report-survey', draft.claim);
  if (denial) return denial;
  if (nextClaimStep(draft.claim) !== 'survey')
    return denied(
      'not-now',
      draft.claim.survey ? 'The survey has been reported already.' : 'No survey is awaited now.',
    );
  add(draft, { kind: 'survey-reported', onScene, findings });
  return undefined;
}

const isNotAppointed = (
  { code, standsInFor = [] }: Person,
  { number, surveyor }: Claim,
): Denied | undefined =>
  [code, ...standsInFor].includes(surveyor)
    ? undefined
    : denied(
        'not-appointed',
        `${surveyor === 'nobody' ? 'Nobody' : surveyor} is appointed to survey ${number}; ` +
          `a supervisor may hand the survey over to ${code}.`,
      );

/** The papers are complete: the receipt confirms that and starts the calculation's clock (S1). */
export function issueReceipt(draft: Draft, id: ItemId): Denied | undefined {
  const item = itemAt(draft.claim, id, draft.rules, 'receipt');
  if (isDenied(item)) return item;
  add(draft, {
    kind: 'receipt-issued',
    item: id,
    number: `${draft.claim.number}-${id}-receipt-${item.returned + 1}`,
  });
  return undefined;
}

/**
 * Assesses the loss. Possible again until the bank has the payment order. Verifications and approvals of the
 * old amount are cancelled.
 */
export function assess(
  draft: Draft,
  { person, item: id, amountMinor, cuts = [] }: Act<'assess'>,
): Denied | undefined {
  const denial = mayNot(person, 'assess', draft.claim);
  if (denial) return denial;
  // An assessment that needs another paper is corrected without waiting for the paper.
  const from = itemOf(draft.claim, id)?.assessment ? 'documents' : 'assess';
  const item = itemAt(draft.claim, id, draft.rules, ...stepsBetween(from, 'pay'));
  if (isDenied(item)) return item;
  if (item.refusal) return denied('not-now', `${id} is proposed for refusal; return it for rework first.`);
  const asAssessed = { ...item, assessment: { version: item.assessments + 1, amountMinor, by: person.code } };
  const barred = mayNotDecideOn(person, 'assess', draft.claim, asAssessed, draft.rules.pack);
  if (barred) return barred;
  const unexplained = explanationLacks(draft, item, amountMinor, cuts);
  if (unexplained) return unexplained;
  add(draft, {
    kind: 'assessed',
    item: id,
    amountMinor,
    version: item.assessments + 1,
    ...present({ cuts: cuts.length > 0 ? cuts : undefined }),
  });
  return undefined;
}

/**
 * A party that gets less than it claimed reads the reason of each part, and the parts are the whole
 * difference (S36).
 */
function explanationLacks(
  { claim: { currency }, rules: { pack } }: Draft,
  { id, claimedMinor }: Item,
  amountMinor: number,
  cuts: AssessedCut[],
): Denied | undefined {
  const reasons = pack.cutReasons;
  const strange = cuts.find(({ reason }) => !reasons.includes(reason));
  if (strange)
    return denied(
      'unknown-code',
      `"${strange.reason}" is not a reason for a cut; use one of ${reasons.join(', ')}.`,
    );
  const idle = cuts.find(({ minor }) => minor <= 0);
  if (idle) return denied('unexplained', `The cut "${idle.reason}" takes nothing off; leave it out.`);
  const below = Math.max(0, claimedMinor - amountMinor);
  const explained = cuts.reduce((sum, { minor }) => sum + minor, 0);
  if (explained === below) return undefined;
  const money = (minor: number): string => plainAmount({ minor, currency });
  return denied(
    'unexplained',
    below === 0
      ? `${id} is not assessed below the claimed amount, so there is no cut to explain.`
      : `${id} is assessed ${money(below)} below the claimed amount, ` +
          `and the cuts explain ${money(explained)}: ` +
          `give each part its reason, one of ${reasons.join(', ')}.`,
  );
}

/** A second person signs off the assessment as it is (S16), never the person who made it. */
export function signOff(
  draft: Draft,
  { person, kind: step, item: id, version }: Act<SignOffStep>,
): Denied | undefined {
  const denial = mayNot(person, step, draft.claim);
  if (denial) return denial;
  const item = itemAt(draft.claim, id, draft.rules, step);
  if (isDenied(item)) return item;
  const barred = mayNotDecideOn(person, step, draft.claim, item, draft.rules.pack);
  if (barred) return barred;
  if (item.assessment?.version !== version)
    return denied(
      'content-changed',
      `${id} now has assessment ${item.assessment?.version}, not ${version}; look at it again.`,
    );
  add(draft, { kind: signOffs[step], item: id, version });
  return undefined;
}

/**
 * The rules verify a small amount that is not above the claimed one (S34), where the scene was seen and the
 * notice was not late (S12), and nothing was decided before. Otherwise the claim waits for a verifier.
 */
export function verifyByRules(draft: Draft, id: ItemId): Denied | undefined {
  const item = itemAt(draft.claim, id, draft.rules, 'verify');
  if (isDenied(item) || !item.assessment) return undefined;
  const { amountMinor, version } = item.assessment;
  if (
    isSmallLoss(draft.claim, item, draft.rules.pack) &&
    amountMinor <= item.claimedMinor &&
    item.returned === 0 &&
    item.secondLook === undefined &&
    wasSeen(draft.claim, item, draft.rules.pack) &&
    !isLate(draft.claim, draft.rules.pack)
  )
    add(draft, { kind: 'verified', item: id, version });
  return undefined;
}

/** By a surveyor on the scene. Where the rules waive the survey, an accepted photograph shows it (S12). */
const wasSeen = (claim: Claim, item: Item, { scenePhotographs }: RulePack): boolean =>
  claim.survey?.onScene ??
  (claim.surveyWaived === true &&
    acceptedDocuments(claim, item).some(({ kind }) => scenePhotographs.includes(kind)));

const hourMs = 3_600_000;

const isLate = ({ noticedAt, lossAt }: Claim, { automatic }: RulePack): boolean =>
  msOf(noticedAt) - msOf(lossAt) > automatic.verifyNoticeWithinHours * hourMs;

export function instructed(
  draft: Draft,
  { item: id, payment }: Extract<ProcessCommand, { kind: 'payment-instructed' }>,
): Denied | undefined {
  const item = openItem(draft.claim, id);
  if (isDenied(item)) return item;
  if (draft.claim.withdrawalRequested)
    return denied('not-now', `A withdrawal is requested; ${payment} waits for the handler's answer.`);
  if (draft.claim.policyNews)
    return denied('not-now', `The policy has changed; ${payment} waits until cover is checked anew.`);
  const last = lastPayment(item);
  if (last?.id === payment && last.kind === 'approved')
    add(draft, { kind: 'payment-instructed', item: id, payment });
  return undefined;
}

export function conclude(draft: Draft, id: ItemId): Denied | undefined {
  const item = itemAt(draft.claim, id, draft.rules, 'conclude');
  if (isDenied(item)) return item;
  add(draft, { kind: 'item-concluded', item: id, outcome: outcomeOf(item) });
  return undefined;
}

/** The customer withdraws one item, or all open ones. A payment order at the bank is not recalled. */
export function withdraw(draft: Draft, { person, item: id }: Act<'withdraw'>): Denied | undefined {
  const denial = mayNot(person, 'withdraw', draft.claim);
  if (denial) return denial;
  const named = id ? openItem(draft.claim, id) : undefined;
  if (named && isDenied(named)) return named;
  const items = named ? [named] : draft.claim.items.filter(({ outcome }) => !outcome);
  const paying = items.find(wasInstructed);
  if (paying)
    return denied(
      'not-now',
      `The payment for ${paying.id} is with the bank already; withdraw the other items by name.`,
    );
  const doubtful = items.find(isInDoubt);
  if (doubtful)
    return denied('not-now', `${doubtful.id} was perhaps paid already; finance must clear it first.`);
  for (const item of items)
    add(draft, {
      kind: 'item-concluded',
      item: item.id,
      // What was paid before stays paid: only the second look is withdrawn.
      outcome: paidBefore(item).length > 0 ? outcomeOf(item) : { kind: 'withdrawn', by: person.code },
    });
  return undefined;
}

/** Perhaps the bank has paid it already. */
const isInDoubt = (item: Item): boolean => (heldBy(item)?.why ?? 'returned') !== 'returned';

function outcomeOf(item: Item): ItemOutcome {
  const confirmed = item.payments.filter((each) => each.kind === 'confirmed');
  const last = confirmed.at(-1);
  if (last)
    return {
      kind: 'paid',
      amountMinor: confirmed.reduce((total, { amountMinor }) => total + amountMinor, 0),
      reference: last.reference,
    };
  return item.refusal
    ? { kind: 'refused', clause: item.refusal.clause, reasons: item.refusal.reasons }
    : { kind: 'nothing-payable' };
}
