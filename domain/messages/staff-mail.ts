import type { StaffCode, StaffRole } from '../people/people.ts';
import { msOf, type Instant } from '../time/time.ts';

/** When a person is mailed: soon after each new task, or at these minutes of their own day. */
export type Manner = { kind: 'at-once' } | { kind: 'digest'; at: readonly number[] };

/** How staff are notified of their work (`config/staff-mail.json`). */
export interface StaffMailRules {
  /** How often the work lists are looked at. */
  lookEveryMs: number;
  /** A new task waits so long for more, and no two mails to one person are closer together. */
  gatherMs: number;
  /** The minutes of the reader's own day between which mail may arrive; from inclusive, to exclusive. */
  awake: { from: number; to: number };
  /** The cap for one person on one of their own days. */
  mailsADay: number;
  /** A mail names so many tasks; it counts the others. */
  tasksNamed: number;
  /** Beginnings of ids of expectations that do not wait for the day, nor for the hours of a digest. */
  urgent: readonly string[];
  usual: Manner;
  roles: Partial<Record<StaffRole, Manner>>;
  people: Record<StaffCode, Manner>;
}

/** A task that a person was not notified of yet, as late as it is now. */
export interface FreshTask {
  claim: string;
  /** The expectation's or the follow-up's. */
  id: string;
  what: string;
  since: Instant;
  due: Instant;
  /** 0: it is not late. 1 and more: it is late, and the rungs that it has climbed. */
  rung: number;
}

/** What is known about a reader at the moment of the decision. */
export interface Reader {
  now: Instant;
  /** Of the reader's own day. */
  minuteOfDay: number;
  /** When a digest was due last on the reader's own day, if one was. */
  lastDigest?: Instant;
  /** Mails on the reader's own day. */
  mailsToday: number;
  lastMailAt?: Instant;
}

/** The person's own manner; else at once, if one of their roles is mailed so; else their first role's. */
export function mannerOf(
  { code, roles }: { code: StaffCode; roles: readonly StaffRole[] },
  rules: StaffMailRules,
): Manner {
  const ofRoles = roles.flatMap((role) => rules.roles[role] ?? []);
  return rules.people[code] ?? ofRoles.find(({ kind }) => kind === 'at-once') ?? ofRoles[0] ?? rules.usual;
}

/** By the cap, or because the last mail was just now: whatever there is to do, no mail goes. */
export const isHeldBack = (
  { mailsADay, gatherMs }: StaffMailRules,
  { now, mailsToday, lastMailAt }: Reader,
): boolean =>
  mailsToday >= mailsADay || (lastMailAt !== undefined && msOf(now) - msOf(lastMailAt) < gatherMs);

/**
 * Whether a mail with all these tasks goes now. The cap counts also for urgent tasks: what it keeps back is
 * in the first mail of the next day.
 */
export function isMailDue(
  fresh: readonly FreshTask[],
  manner: Manner,
  rules: StaffMailRules,
  reader: Reader,
): boolean {
  const { now, minuteOfDay, lastMailAt, lastDigest } = reader;
  if (isHeldBack(rules, reader)) return false;
  if (fresh.some((task) => isUrgent(task, rules))) return true;
  if (minuteOfDay < rules.awake.from || minuteOfDay >= rules.awake.to) return false;
  if (manner.kind === 'at-once')
    return fresh.some((task) => msOf(now) - msOf(cameAt(task)) >= rules.gatherMs);
  return (
    lastDigest !== undefined &&
    (lastMailAt === undefined || lastMailAt < lastDigest) &&
    fresh.some((task) => cameAt(task) <= lastDigest)
  );
}

const isUrgent = ({ id }: FreshTask, { urgent }: StaffMailRules): boolean =>
  urgent.some((beginning) => id.startsWith(beginning));

/** Since when it is as it is: a late one since it was due. */
const cameAt = ({ since, due, rung }: FreshTask): Instant => (rung > 0 ? due : since);

export interface ClaimTasks {
  claim: string;
  tasks: FreshTask[];
}

/** The tasks by claim: the claim with the oldest task first, and in it the oldest task. */
export function byClaim(tasks: readonly FreshTask[]): ClaimTasks[] {
  const oldestFirst = tasks.toSorted((one, other) => msOf(one.since) - msOf(other.since));
  return [...new Set(oldestFirst.map(({ claim }) => claim))].map((claim) => ({
    claim,
    tasks: oldestFirst.filter((task) => task.claim === claim),
  }));
}
