import { add, type Draft } from './draft.ts';
import { itemOf, type Claim, type Item } from './claim.ts';
import type { HumanCommand } from './commands.ts';
import { isDenied, unknownItem } from './open-item.ts';
import { denied, type Denied } from '../denial.ts';
import { deciders } from '../people/hands.ts';
import { mayNot, mayNotDecideOn } from '../people/permissions.ts';
import type { Author } from '../people/people.ts';
import { present } from '../present.ts';
import type { ReopenReason, Rules } from '../rules/pack.ts';
import { localDate } from '../time/calendar.ts';
import type { Instant } from '../time/time.ts';
import { appealsEnd } from '../waiting/appeals.ts';

type Act<K extends HumanCommand['kind']> = Extract<HumanCommand, { kind: K }>;

/**
 * Takes up what has ended: the named items, or all that the reason fits. A closed claim is open again. Never
 * by somebody who decided what is looked at again (S22).
 */
export function reopen(
  draft: Draft,
  { person, reason, items: named, note }: Act<'reopen'>,
): Denied | undefined {
  const { claim, rules } = draft;
  const denial = mayNot(person, 'reopen', claim);
  if (denial) return denial;
  const { reopenReasons } = rules.pack;
  const rule = reopenReasons[reason];
  if (!rule)
    return denied(
      'unknown-code',
      `"${reason}" is not a reason to reopen; use one of ${Object.keys(reopenReasons).join(', ')}.`,
    );
  const items = meant(draft, { reason, rule }, named);
  if (isDenied(items)) return items;
  for (const item of items) {
    const barred = mayNotDecideOn(person, 'reopen', claim, item, rules.pack);
    if (barred) return barred;
  }
  if (claim.outcome) {
    add(draft, { kind: 'claim-reopened', reason });
    if (claim.withdrawalRequested) add(draft, { kind: 'withdrawal-cancelled' });
  }
  for (const item of items) {
    const to = item.outcome && rule.of[item.outcome.kind];
    if (!to) continue;
    const before = to === 'where-it-stood' ? [] : decidersOf(item, rule);
    add(draft, {
      kind: 'item-reopened',
      item: item.id,
      reason,
      to,
      ...present({ deciders: before.length > 0 ? before : undefined, note }),
    });
  }
  return undefined;
}

const decidersOf = (item: Item, { byOthers }: ReopenReason): Author[] => [
  ...new Set([...(item.secondLook?.deciders ?? []), ...(byOthers ? deciders(item) : [])]),
];

interface Reason {
  reason: string;
  rule: ReopenReason;
}

/** The named items, each of which has ended in a way that the reason undoes; else all of those. */
function meant(
  { claim, now, rules }: Draft,
  why: Reason,
  named: readonly string[] | undefined,
): Item[] | Denied {
  if (!named) {
    const all = claim.items.filter((item) => !isUnfit(claim, item, why, { now, rules }));
    return all.length > 0 ? all : nothingFits(claim, why, { now, rules });
  }
  const items: Item[] = [];
  for (const id of new Set(named)) {
    const item = itemOf(claim, id);
    if (!item) return unknownItem(claim, id);
    const unfit = isUnfit(claim, item, why, { now, rules });
    if (unfit) return unfit;
    items.push(item);
  }
  return items;
}

interface World {
  now: Instant;
  rules: Rules;
}

function nothingFits(claim: Claim, why: Reason, world: World): Denied {
  const [first] = claim.items;
  const [only, other] = claim.items.flatMap((item) => isUnfit(claim, item, why, world) ?? []);
  if (first && only && !other) return only;
  const ends = claim.items.map(({ id, outcome }) => `${id} ${outcome ? `is ${outcome.kind}` : 'is open'}`);
  return denied('not-now', `"${why.reason}" fits no item of ${claim.number}: ${ends.join(', ')}.`);
}

function isUnfit(
  { number }: Claim,
  item: Item,
  { reason, rule }: Reason,
  { now, rules }: World,
): Denied | undefined {
  const { id, outcome } = item;
  if (!outcome) return denied('not-now', `${id} of ${number} is open; there is nothing to reopen.`);
  if (!rule.of[outcome.kind])
    return denied(
      'unknown-code',
      `"${reason}" reopens what is ${Object.keys(rule.of).join(' or ')}, and ${id} is ${outcome.kind}; ` +
        `use one of ${reasonsFor(outcome.kind, rules).join(', ')}.`,
    );
  return rule.isAppeal ? isTooLate(item, { now, rules }) : undefined;
}

function isTooLate({ id, endedAt }: Item, { now, rules }: World): Denied | undefined {
  const until = endedAt && appealsEnd(endedAt, rules);
  return until && until <= now
    ? denied(
        'not-now',
        `The time to appeal against ${id} ended on ${localDate(until, rules.calendar)}; ` +
          'where we were wrong ourselves, another reason reopens it.',
      )
    : undefined;
}

const reasonsFor = (end: NonNullable<Item['outcome']>['kind'], { pack }: Rules): string[] =>
  Object.keys(pack.reopenReasons).filter((reason) => pack.reopenReasons[reason]?.of[end]);

/** A customer disagrees with how an item has ended: a supervisor takes it up again. */
export function recordAppeal(
  draft: Draft,
  { person, item: id, note }: Act<'record-appeal'>,
): Denied | undefined {
  const { claim } = draft;
  const denial = mayNot(person, 'record-appeal', claim);
  if (denial) return denial;
  const item = itemOf(claim, id);
  if (!item) return unknownItem(claim, id);
  if (!item.outcome) return denied('not-now', `${id} is not decided yet; add a note for those who decide.`);
  if (item.appeal) return denied('not-now', `An appeal about ${id} waits already; add a note to it.`);
  const late = item.outcome.kind === 'withdrawn' ? undefined : isTooLate(item, draft);
  if (late) return late;
  add(draft, { kind: 'appeal-recorded', item: id, note });
  return undefined;
}

/**
 * A document that came late changes nothing. An appeal is not answered so: the letters promise a second look.
 */
export function keepDecision(
  draft: Draft,
  { person, item: id, note }: Act<'keep-decision'>,
): Denied | undefined {
  const { claim, rules } = draft;
  const denial = mayNot(person, 'keep-decision', claim);
  if (denial) return denial;
  const item = itemOf(claim, id);
  if (!item) return unknownItem(claim, id);
  if (!item.lateDocument)
    return denied(
      'not-now',
      item.appeal
        ? `The customer has asked for a second look at ${id}, which our letters promise: reopen it.`
        : `No document came after the decision about ${id}.`,
    );
  const barred = mayNotDecideOn(person, 'keep-decision', claim, item, rules.pack);
  if (barred) return barred;
  add(draft, { kind: 'decision-kept', item: id, document: item.lateDocument, note });
  return undefined;
}
