import type { Clock, ClockRule } from './clock.ts';
import {
  after,
  endOfDay,
  isWorkingDay,
  localDate,
  plusDays,
  type Calendar,
  type Offset,
} from '../time/calendar.ts';
import { claimant, type Claim, type Item } from '../claim/claim.ts';
import { missingDocuments } from '../documents/requirements.ts';
import type { NotificationKind } from '../messages/notifications.ts';
import type { PartyId } from '../people/people.ts';
import { nextStep, road } from '../road/road.ts';
import type { Rules } from '../rules/pack.ts';
import { instantOf, isBefore, latest, msOf, type Instant } from '../time/time.ts';

type Change = { kind: 'clock-changed'; clock: 'decision'; item: string; to: Clock };

/**
 * The changes of the clocks on this state at this moment. A request for papers pauses the clock from its
 * *arrival*, by the delivery report, until the papers have arrived (Insurance Law art. 23; Supreme People's
 * Court, Interpretation II of the Insurance Law, art. 15).
 */
export function clockChanges(claim: Claim, rules: Rules, now: Instant): Change[] {
  const rule = rules.pack.clocks.decision;
  if (!rule || claim.outcome) return [];
  return claim.items.flatMap((item): Change[] => {
    const to = reading(claim, item, rule, rules, now);
    return to && !isSame(to, item.clock)
      ? [{ kind: 'clock-changed', clock: 'decision', item: item.id, to }]
      : [];
  });
}

/** When a clock next needs attention: at the warning, then at its end. */
export const nextClockAt = ({ items, outcome }: Claim): Instant | undefined =>
  (outcome ? [] : items.flatMap(({ clock }) => momentOf(clock) ?? [])).toSorted()[0];

function momentOf(clock: Clock | undefined): Instant | undefined {
  if (clock?.state !== 'running' || clock.reached === 'due') return undefined;
  return clock.reached ? clock.due : clock.warnAt;
}

function reading(claim: Claim, item: Item, rule: ClockRule, rules: Rules, now: Instant): Clock | undefined {
  const clock = item.clock ?? started(claim, item, rule, rules.calendar, now);
  if (!clock) return undefined;
  const asked = askedSince(claim, item, rules, clock);
  if (isDecided(claim, item, rules))
    return { ...resumed(clock, rule, rules.calendar, now), state: 'stopped' };
  if (asked)
    return { ...clock, state: 'paused', pausedSince: clock.pausedSince ?? pausedFrom(asked, clock, now) };
  return withReached({ ...resumed(clock, rule, rules.calendar, now), state: 'running' }, now);
}

/** Not before the clock's start, and not in the future: a provider's own clock may be fast. */
const pausedFrom = (asked: Instant, { since }: Clock, now: Instant): Instant =>
  isBefore(now, asked) ? now : latest(asked, since);

function started(
  claim: Claim,
  item: Item,
  rule: ClockRule,
  calendar: Calendar,
  now: Instant,
): Clock | undefined {
  const papers = [...Object.values(claim.documents), ...Object.values(item.documents)].filter(
    ({ state }) => state !== 'waived',
  );
  return papers.length > 0
    ? { state: 'running', since: now, deductedMs: 0, ...timesOf(now, 0, rule, calendar) }
    : undefined;
}

function resumed({ pausedSince, ...clock }: Clock, rule: ClockRule, calendar: Calendar, now: Instant): Clock {
  if (!pausedSince) return clock;
  const deductedMs = clock.deductedMs + msOf(now) - msOf(pausedSince);
  return { ...clock, resumedAt: now, deductedMs, ...timesOf(clock.since, deductedMs, rule, calendar) };
}

function withReached(clock: Clock, now: Instant): Clock {
  if (now >= clock.due) return { ...clock, reached: 'due' };
  return { ...clock, reached: now >= clock.warnAt ? 'warning' : undefined };
}

/**
 * A period in days ends with its last day, or with the next working day if nobody works on that day (Civil
 * Code art. 201, 203).
 */
function timesOf(
  since: Instant,
  deductedMs: number,
  { within, warnAfter }: ClockRule,
  calendar: Calendar,
): Pick<Clock, 'warnAt' | 'due'> {
  const later = (offset: Offset): Instant => instantOf(msOf(after(since, offset, calendar)) + deductedMs);
  const exact = later(within);
  return {
    warnAt: later(warnAfter),
    due: /^P\d+D$/.test(within)
      ? endOfDay(workingDayFrom(localDate(exact, calendar), calendar), calendar)
      : exact,
  };
}

function workingDayFrom(date: string, calendar: Calendar): string {
  for (let day = date; ; day = plusDays(day, 1)) if (isWorkingDay(day, calendar)) return day;
}

/**
 * When a request for papers first reached a party that owes some for the item; undefined while no papers are
 * missing, or no party has been reached.
 */
function askedSince(
  claim: Claim,
  item: Item,
  { pack }: Rules,
  { resumedAt = '' }: Clock,
): Instant | undefined {
  const owing = missingDocuments(claim, item, pack)
    .filter(({ state }) => state !== 'received')
    .map(({ rule }) => (rule.scope === 'item' ? item.party : claimant(claim)?.id));
  return requestsArrived(claim)
    .filter(({ party, at }) => owing.includes(party) && at >= resumedAt)
    .map(({ at }) => at)
    .toSorted()[0];
}

/** The kinds that list missing papers; the acknowledgement does so for the claimant. */
const requests: readonly NotificationKind[] = [
  'acknowledgement',
  'documents-needed',
  'documents-reminder',
  'document-rejected',
  'formal-notice',
];

const requestsArrived = ({ deliveries }: Claim): { party: PartyId; at: Instant }[] =>
  Object.values(deliveries).flatMap(({ kind, party, arrived }) =>
    arrived && requests.includes(kind) ? [{ party, at: arrived }] : [],
  );

function isDecided(claim: Claim, item: Item, { pack }: Rules): boolean {
  const step = nextStep(claim, item, pack);
  return step === undefined || road[step].isAfterDecision === true;
}

const isSame = (one: Clock, other: Clock | undefined): boolean =>
  other !== undefined &&
  one.state === other.state &&
  one.pausedSince === other.pausedSince &&
  one.due === other.due &&
  one.reached === other.reached;
