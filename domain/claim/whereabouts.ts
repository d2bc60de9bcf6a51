import { denied, type Denied } from '../denial.ts';
import { present } from '../present.ts';
import { after, endOfDay } from '../time/calendar.ts';
import { isUnfit } from './amendments.ts';
import type { AwayHandler } from './claim.ts';
import { add, type Draft } from './draft.ts';
import type { ReportCommand } from './reports.ts';

type Report<K extends ReportCommand['kind']> = Extract<ReportCommand, { kind: K }>;

/**
 * Somebody has left: their claim goes to who may handle or survey it, as by a hand-over, but by no person
 * (S33).
 */
export function handlerLeft(
  draft: Draft,
  { left, role, to, as }: Report<'handler-left'>,
): Denied | undefined {
  const { claim } = draft;
  if (claim[role] !== left) return denied('not-now', `${left} is not the ${role} any more.`);
  const unfit = isUnfit({ code: to, ...as }, role, claim);
  if (unfit) return unfit;
  const branch = as.branch === claim.branch ? undefined : as.branch;
  add(draft, { kind: 'handed-over', to, role, left, ...present({ branch }) });
  return undefined;
}

/** Only major claims name their handler to the customer (S28). */
export function handlerAway(
  draft: Draft,
  { handler, deputy, until }: Report<'handler-away'>,
): Denied | undefined {
  const { claim } = draft;
  if (claim.handler !== handler || claim.urgency !== 'priority')
    return denied('not-now', `${handler} is not the handler of a major claim.`);
  const away: AwayHandler = present({ deputy, until });
  if (isAsKnown(claim.handlerAway, away)) return denied('not-now', `${handler} is known to be away.`);
  add(draft, { kind: 'handler-away', isLong: isLong(draft, until), ...away });
  return undefined;
}

const isAsKnown = (known: AwayHandler | undefined, away: AwayHandler): boolean =>
  known !== undefined && known.deputy === away.deputy && known.until === away.until;

/** An absence without a known end is long. */
function isLong({ now, rules }: Draft, until: AwayHandler['until']): boolean {
  const { pack, calendar } = rules;
  return until === undefined || after(now, pack.staffing.longAbsence, calendar) <= endOfDay(until, calendar);
}

export function handlerBack(draft: Draft, { handler }: Report<'handler-back'>): Denied | undefined {
  const { claim } = draft;
  if (claim.handler !== handler || !claim.handlerAway)
    return denied('not-now', `${handler} is not known to be away.`);
  add(draft, { kind: 'handler-back' });
  return undefined;
}
