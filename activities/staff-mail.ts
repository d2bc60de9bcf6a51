import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { DateTime } from 'luxon';
import { staffMailRules } from '../config/staff-mail.ts';
import {
  byClaim,
  isHeldBack,
  isMailDue,
  mannerOf,
  type FreshTask,
  type Reader,
  type StaffMailRules,
} from '../domain/messages/staff-mail.ts';
import { present } from '../domain/present.ts';
import { instantOf, type Instant } from '../domain/time/time.ts';
import type { EmailPort, SendAnswer } from '../providers/ports.ts';
import type { Database } from '../records/database.ts';
import { contactHashing } from '../records/keys/contact-key.ts';
import {
  endStaffMail,
  followUpOnMailbox,
  forgetStaffMail,
  loseDeadSenders,
  mailsTo,
  planStaffMail,
  staffReaders,
  workAndFresh,
  type StaffReader,
} from '../records/messages/staff-mail.ts';
import type { Keyring } from '../security/keyring.ts';
import type { WorkRenderer } from '../wording/renderer/renderer.ts';

export interface StaffMailActivities {
  /** Sends every mail that is due. Gives the milliseconds until the next look. */
  notifyStaff(): Promise<number>;
}

export interface StaffMailParts {
  database: Database;
  keyring: Keyring;
  renderer: WorkRenderer;
  email: EmailPort;
}

export const staffMailActivities = (parts: StaffMailParts, pace: string): StaffMailActivities => ({
  // A worker that stops begins no further mail: nobody would know whether it went.
  notifyStaff: () =>
    notifyStaff(parts, staffMailRules(pace), undefined, () => Context.current().cancellationSignal.aborted),
});

/** Well under the time that the activity has: the next look continues with the others. */
const longestMs = 60_000;
const continueMs = 1_000;

/**
 * Mails each person at most once about a task at a rung. A mail and its tasks are in the ledger before it is
 * sent; one that was certainly not sent is taken out again, and its tasks go into the next. One person's
 * fault holds up nobody else; it is thrown at the end.
 */
export async function notifyStaff(
  parts: StaffMailParts,
  rules: StaffMailRules,
  clock: () => Instant = () => instantOf(Date.now()),
  isStopping = (): boolean => false,
): Promise<number> {
  await loseDeadSenders(parts.database);
  const until = Date.now() + longestMs;
  const faults: unknown[] = [];
  for (const person of await staffReaders(parts.database)) {
    if (isStopping() || Date.now() > until) return continueMs;
    try {
      // A server that is busy for one is busy for all: they are mailed at the next look.
      if ((await notifyOne(parts, rules, person, clock())) === 'busy') break;
    } catch (fault) {
      faults.push(new Error(`${person.code} was not notified: ${String(fault)}`, { cause: fault }));
    }
  }
  if (faults.length > 0)
    throw faults.length === 1 ? faults[0] : new AggregateError(faults, String(faults[0]));
  return rules.lookEveryMs;
}

async function notifyOne(
  parts: StaffMailParts,
  rules: StaffMailRules,
  person: StaffReader,
  now: Instant,
): Promise<'done' | 'busy'> {
  const { database, keyring, email } = parts;
  const reader = await readerOf(database, rules, person, now);
  if (isHeldBack(rules, reader)) return 'done';
  const { tasks, fresh } = await workAndFresh(database, person, now);
  if (!isMailDue(fresh, mannerOf(person, rules), rules, reader)) return 'done';
  const wording = worded(parts, rules, person, { tasks, fresh, reader });
  const hashContact = await contactHashing(database, keyring);
  const reference = `staff:${person.code}/${randomUUID()}`;
  const mail = { reference, person: person.code, contact: hashContact(person.email), tasks: fresh };
  if (!(await planStaffMail(database, mail, now))) return 'done';
  const answer = await email.send({
    to: { name: person.name, address: person.email },
    ...wording,
    reference,
    mandatory: true,
  });
  return keepAnswer(database, reference, answer);
}

async function keepAnswer(
  database: Database,
  reference: string,
  answer: SendAnswer,
): Promise<'done' | 'busy'> {
  switch (answer.kind) {
    case 'accepted':
      await endStaffMail(database, reference, { state: 'accepted', providerId: answer.providerId });
      return 'done';
    case 'unknown':
      await endStaffMail(database, reference, { state: 'unknown', code: answer.code });
      return 'done';
    case 'busy':
      await forgetStaffMail(database, reference);
      return 'busy';
    default:
      if (answer.why === 'configuration') {
        await forgetStaffMail(database, reference);
        throw new Error(`the mail server rejects our account (${answer.code})`);
      }
      await endStaffMail(database, reference, { state: 'failed', code: answer.code });
      await followUpOnMailbox(database, reference);
      return 'done';
  }
}

/** The reader's own clock, and what they were mailed on their own day. */
async function readerOf(
  database: Database,
  rules: StaffMailRules,
  person: StaffReader,
  now: Instant,
): Promise<Reader> {
  const local = DateTime.fromISO(now, { zone: person.timeZone });
  if (!local.isValid) throw new RangeError(`There is no time zone "${person.timeZone}"`);
  const manner = mannerOf(person, rules);
  const lastDigest = (manner.kind === 'digest' ? manner.at : [])
    .map((minute) =>
      instantOf(
        local
          .set({ hour: Math.floor(minute / 60), minute: minute % 60, second: 0, millisecond: 0 })
          .toMillis(),
      ),
    )
    .filter((moment) => moment <= now)
    .toSorted()
    .at(-1);
  return {
    now,
    minuteOfDay: local.hour * 60 + local.minute,
    ...(await mailsTo(database, person.code, instantOf(local.startOf('day').toMillis()))),
    ...present({ lastDigest }),
  };
}

function worded(
  { renderer }: StaffMailParts,
  { tasksNamed, mailsADay }: StaffMailRules,
  { code, name, locale, timeZone }: StaffReader,
  { tasks, fresh, reader }: { tasks: number; fresh: readonly FreshTask[]; reader: Reader },
): { subject: string; text: string; html: string } {
  const claims = byClaim(fresh);
  const named = claims.map(({ claim, tasks: all }, index) => {
    const before = claims.slice(0, index).reduce((sum, each) => sum + each.tasks.length, 0);
    return { claim, tasks: all.slice(0, Math.max(0, tasksNamed - before)) };
  });
  return renderer.renderWork({
    locale,
    timeZone,
    recipient: { code, name },
    claims: named.filter((each) => each.tasks.length > 0),
    fresh: fresh.length,
    late: fresh.filter(({ rung }) => rung > 0).length,
    total: tasks,
    isLastToday: reader.mailsToday + 1 >= mailsADay,
  });
}
