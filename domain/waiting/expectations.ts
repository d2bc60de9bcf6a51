import type { Expectation } from './expectation.ts';
import {
  claimant,
  heldBy,
  partyOf,
  paymentAtBank,
  wasInstructed,
  type Claim,
  type Item,
} from '../claim/claim.ts';
import { hasCome, missingDocuments, type Missing } from '../documents/requirements.ts';
import { after } from '../time/calendar.ts';
import type { ExpectationId } from './endings.ts';
import { likelyDuplicates } from '../money/together.ts';
import { nextRung } from './ladder.ts';
import { present } from '../present.ts';
import type { PartyId } from '../people/people.ts';
import { nextClaimStep, nextStep, takerOf } from '../road/road.ts';
import type { ItemStep } from '../road/steps.ts';
import type { Rules } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';

/**
 * The ladders of expectations beside the road: work of staff, problems, escalations, and parties that no
 * channel reaches.
 */
export const laddersBesideRoad = ['handler', 'operations', 'escalated', 'unreached', 'appeal'] as const;

type Want = { id: ExpectationId } & Pick<
  Expectation,
  'from' | 'what' | 'ladder' | 'item' | 'ask' | 'notBefore'
>;
type Change =
  | { kind: 'expectation-opened'; expectation: Expectation }
  | { kind: 'expectation-ended'; expectation: string; how: 'met' | 'withdrawn' };

/**
 * Expectations follow from the claim's state. This compares the wanted ones with the open ones, and gives the
 * changes. So no message opens or ends an expectation by itself, and none is forgotten.
 */
export function expectationChanges(claim: Claim, rules: Rules, now: Instant): Change[] {
  const wants = wanted(claim, rules);
  const ended = claim.expectations.filter((each) => !wants.some((want) => isSame(want, each, now)));
  const opened = wants.filter((want) => !claim.expectations.some((each) => isSame(want, each, now)));
  return [
    ...ended.map((each) => ({
      kind: 'expectation-ended' as const,
      expectation: each.id,
      how: endedHow(claim, each, rules),
    })),
    ...opened.map((want) => ({ kind: 'expectation-opened' as const, expectation: open(want, rules, now) })),
  ];
}

/** Is the promised date, or the earliest possible date, still in the future? */
export const isPaused = (expectation: Expectation, now: Instant): boolean =>
  [expectation.notBefore, expectation.promised].some((until) => until !== undefined && until > now);

/**
 * A corrected date of loss, or a new list of holidays, changes the earliest possible date: the ladder starts
 * again, unless both dates have passed and it is under way.
 */
const isSame = (want: Want, expectation: Expectation, now: Instant): boolean =>
  want.id === expectation.id &&
  (want.notBefore === expectation.notBefore || [want, expectation].every((each) => hasPassed(each, now)));

const hasPassed = ({ notBefore }: Pick<Want, 'notBefore'>, now: Instant): boolean =>
  notBefore !== undefined && notBefore <= now;

/** `met`: it arrived or was done. `withdrawn`: it is no longer needed. */
function endedHow(claim: Claim, { id, item, what }: Expectation, { pack }: Rules): 'met' | 'withdrawn' {
  if (id === 'survey') return claim.survey ? 'met' : 'withdrawn';
  if (id.startsWith('document:'))
    return hasCome(
      claim,
      claim.items.find((each) => each.id === item),
      what,
      pack,
    )
      ? 'met'
      : 'withdrawn';
  return claim.items
    .filter((each) => !item || each.id === item)
    .every(({ outcome }) => outcome?.kind === 'withdrawn')
    ? 'withdrawn'
    : 'met';
}

function open(want: Want, rules: Rules, now: Instant): Expectation {
  const base = { ...want, since: now, rung: 0, escalatedTo: [] };
  const next = nextRung(base, rules, now);
  return { ...base, due: next.at, next };
}

function wanted(claim: Claim, rules: Rules): Want[] {
  const problems = claim.problems.map(({ id, what }): Want => ({
    id: `problem:${id}`,
    from: 'operations',
    what,
    ladder: 'operations',
  }));
  const operations = [
    ...problems,
    ...claim.letters.map((letter): Want => ({
      id: `post:${letter}`,
      from: 'operations',
      what: 'post-letter',
      ladder: 'operations',
    })),
  ];
  // After the closure only the last messages and entries can be blocked. Other problems end with the claim;
  // the journal shows them.
  if (claim.outcome || !claim.acknowledged) return claim.outcome ? problems : operations;
  return [
    ...operations,
    ...claimStepWanted(claim),
    ...policyWanted(claim),
    ...withdrawalWanted(claim),
    ...documentsWanted(claim, rules),
    ...claim.items.flatMap((item) => itemWanted(claim, item, rules)),
    ...calls(claim),
    ...reaches(claim),
    ...answers(claim),
    ...escalations(claim),
    ...clocksWanted(claim),
    ...comparisonsWanted(claim, rules),
    ...appealsWanted(claim),
  ];
}

/** The claim waits for the person who takes its own step. */
function claimStepWanted(claim: Claim): Want[] {
  const step = nextClaimStep(claim);
  const taker = step && takerOf(step);
  if (!taker || taker === 'process' || taker === 'papers' || taker.who === 'owner') return [];
  return [{ id: step, from: taker.who, what: step, ladder: taker.ladder }];
}

/** Operations see to it that the source of policies answers. */
const policyWanted = ({ policyNews }: Claim): Want[] =>
  policyNews?.what === 'awaited'
    ? [{ id: 'policy', from: 'operations', what: 'the policy from its source', ladder: 'operations' }]
    : [];

const withdrawalWanted = (claim: Claim): Want[] =>
  claim.withdrawalRequested
    ? [{ id: 'withdrawal', from: 'handler', what: 'confirm withdrawal', ladder: 'handler' }]
    : [];

/**
 * Documents are requested from the acknowledgement on: all at once (S5), while the survey is still under way.
 * Once the bank has the payment order nothing more is requested, but a late document is still checked.
 */
function documentsWanted(claim: Claim, rules: Rules): Want[] {
  const wants = claim.items.flatMap((item) =>
    missingDocuments(claim, item, rules.pack)
      .filter(({ state }) => isLookedFor(item, state))
      .map((missing) => documentWanted(claim, item, missing, rules)),
  );
  return wants.filter((want, index) => wants.findIndex(({ id }) => id === want.id) === index);
}

const isLookedFor = (item: Item, state: Missing['state']): boolean =>
  item.outcome || wasInstructed(item) ? state === 'received' : !item.refusal;

function documentWanted(claim: Claim, item: Item, { rule, item: of, state }: Missing, rules: Rules): Want {
  const place = `${of ?? 'claim'}:${rule.kind}`;
  const about = of ? { item: of } : {};
  if (state === 'received')
    return { id: `check:${place}`, from: 'handler', what: `check ${rule.kind}`, ladder: 'handler', ...about };
  const owner = rules.pack.objects[item.object]?.owner ?? 'customer';
  const ask = rule.scope === 'item' ? partyOf(claim, item.party) : claimant(claim);
  return {
    id: `document:${place}`,
    from: rule.from === 'customer' && rule.scope === 'item' ? owner : rule.from,
    what: rule.kind,
    ladder: rule.ladder,
    ...about,
    ...present({
      ask: ask?.id,
      notBefore: rule.notBefore && after(claim.lossAt, rule.notBefore, rules.calendar),
    }),
  };
}

/**
 * What the item's step waits for. Beside it finance clears a held payment, and the bank still owes its word.
 */
function itemWanted(claim: Claim, item: Item, rules: Rules): Want[] {
  const next = nextClaimStep(claim) ? undefined : nextStep(claim, item, rules.pack);
  const beside: ItemStep[] = heldBy(item) && !item.outcome ? ['clear'] : [];
  if (heldBy(item) && paymentAtBank(item)?.kind === 'instructed') beside.push('confirm');
  return [...new Set([...(next ? [next] : []), ...beside])].flatMap((step) =>
    stepWanted(claim, item, step, rules),
  );
}

/**
 * The claim waits for the person who takes the item's step. The process takes some steps by itself, and
 * papers have expectations of their own.
 */
function stepWanted(claim: Claim, item: Item, step: ItemStep, rules: Rules): Want[] {
  const taker = takerOf(step);
  if (taker === 'process' || taker === 'papers') return [];
  const want = { what: step, ladder: taker.ladder, item: item.id };
  if (taker.who !== 'owner')
    return [
      {
        ...want,
        id: step === 'confirm' ? `confirm:${paymentAtBank(item)?.id}` : `${step}:${item.id}`,
        from: taker.who,
      },
    ];
  const ask = partyOf(claim, item.party);
  return [
    {
      ...want,
      id: `${step}:${item.id}`,
      what: taker.owes,
      from: rules.pack.objects[item.object]?.owner ?? 'customer',
      ...present({ ask: ask?.id }),
    },
  ];
}

/** One call to a party, whatever it owes (S8: nobody is called twice for one claim). */
const calls = (claim: Claim): Want[] =>
  [...new Set(claim.expectations.filter(({ callDue }) => callDue).map(({ ask }) => ask))]
    .filter((ask) => ask !== undefined)
    .map((ask) => ({ id: `call:${ask}`, from: 'handler', what: callTo(claim, ask), ladder: 'handler' }));

/** A mandatory notification reached the party by no channel: a call, and in the end a letter. */
const reaches = ({ unreached, ...claim }: Claim): Want[] =>
  [...new Set(unreached.map(({ party }) => party))].map((party) => ({
    id: `${reachPrefix}${party}`,
    from: 'handler',
    what: callTo(claim, party),
    ladder: 'unreached',
  }));

const reachPrefix = 'reach:';

/** The party to reach, if the expectation is about reaching one. */
export const unreachedParty = ({ id }: Pick<Expectation, 'id'>): PartyId | undefined =>
  id.startsWith(reachPrefix) ? id.slice(reachPrefix.length) : undefined;

/** A supervisor must act while there is time, and a manager once the time is over. */
const clocksWanted = ({ items }: Claim): Want[] =>
  items.flatMap(({ id, clock }): Want[] => {
    if (clock?.state !== 'running' || !clock.reached) return [];
    return [
      {
        id: `clock:decision:${id}:${clock.reached}`,
        from: clock.reached === 'due' ? 'manager' : 'supervisor',
        what: `decision ${clock.reached === 'due' ? 'overdue' : 'nearly due'} by law`,
        ladder: 'clock',
        item: id,
      },
    ];
  });

/** A handler compares the claim with each likely duplicate, until the finding is recorded. */
const comparisonsWanted = (claim: Claim, { pack }: Rules): Want[] =>
  likelyDuplicates(claim, pack)
    .filter(({ claim: other }) => claim.joined[other] === undefined)
    .map(({ claim: other }) => ({
      id: `compare:${other}`,
      from: 'handler',
      what: `compare with ${other}`,
      ladder: 'handler',
    }));

/** A supervisor takes up again what a customer disagrees with, and perhaps what a late document is about. */
const appealsWanted = ({ items }: Claim): Want[] =>
  items.flatMap(({ id, appeal, lateDocument }): Want[] => {
    const want = { from: 'supervisor', ladder: 'appeal', item: id } as const;
    if (appeal) return [{ ...want, id: `appeal:${id}`, what: 'reopen after an appeal' }];
    return lateDocument === undefined
      ? []
      : [{ ...want, id: `late:${id}`, what: 'reopen after a document, or keep the decision' }];
  });

const answers = ({ unanswered, ...claim }: Claim): Want[] =>
  [...new Set(unanswered.map(({ party }) => party))].map((party) => ({
    id: `answer:${party}`,
    from: 'handler',
    what: callTo(claim, party),
    ladder: 'handler',
  }));

const callTo = (claim: Pick<Claim, 'parties'>, id: PartyId): string =>
  `call ${claim.parties.find((party) => party.id === id)?.role ?? id}`;

/** A superior who was notified must watch the matter. This ends by itself when the late thing arrives. */
const escalations = (claim: Claim): Want[] =>
  claim.expectations.flatMap(({ id, what, item, escalatedTo }) =>
    escalatedTo.map((to): Want => ({
      id: `escalation:${to}:${id}`,
      from: to,
      what: `stalled: ${what}`,
      ladder: 'escalated',
      ...present({ item }),
    })),
  );
