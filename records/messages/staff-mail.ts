import { Prisma } from '../../prisma/generated/client.ts';
import type { FreshTask } from '../../domain/messages/staff-mail.ts';
import { staffRoles, type StaffCode, type StaffRole } from '../../domain/people/people.ts';
import { present } from '../../domain/present.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import { workOf } from '../claims/work.ts';

/** A member of staff who may have tasks. */
export interface StaffReader {
  code: StaffCode;
  name: string;
  email: string;
  roles: StaffRole[];
  branch: string;
  locale: string;
  timeZone: string;
}

/** Everybody who works here now, by code. */
export async function staffReaders(database: Database): Promise<StaffReader[]> {
  const people = await database.person.findMany({
    where: { active: true },
    select: {
      code: true,
      name: true,
      email: true,
      roles: true,
      branch: true,
      locale: true,
      timeZone: true,
    },
    orderBy: { code: 'asc' },
  });
  return people.map((each) => ({ ...each, roles: staffRoles.filter((role) => each.roles.includes(role)) }));
}

/** More than anybody does: a longer list is cut here, the oldest tasks first. */
const mostTasks = 2_000;
const pageSize = 500;

/** The person's whole work list, and the part of it that they were not notified of yet. */
export async function workAndFresh(
  database: Database,
  person: StaffReader,
  now: Instant,
): Promise<{ tasks: number; fresh: FreshTask[] }> {
  const tasks: Omit<FreshTask, 'rung'>[] = [];
  let page = await workOf(database, person, { limit: pageSize, now });
  for (;;) {
    tasks.push(...page.tasks.map(({ claim, id, what, since, due }) => ({ claim, id, what, since, due })));
    if (!page.next || tasks.length >= mostTasks) break;
    page = await workOf(database, person, { limit: pageSize, now, after: page.next });
  }
  if (tasks.length === 0) return { tasks: 0, fresh: [] };
  const given = JSON.stringify(tasks.map((task, position) => ({ ...task, position })));
  const fresh = await database.$queryRaw<{ position: number; rung: number }[]>`
    SELECT given.position, given.rung FROM (
      SELECT task.*, GREATEST(e.rung, CASE WHEN task.due <= ${now}::timestamptz THEN 1 ELSE 0 END) AS rung
      FROM jsonb_to_recordset(${given}::jsonb)
        AS task(position int, claim text, id text, since timestamptz, due timestamptz)
      LEFT JOIN expectation e ON e.claim = task.claim AND e.id = task.id
    ) AS given
    WHERE NOT EXISTS (
      SELECT 1 FROM staff_notification_task known
      WHERE known.person = ${person.code} AND known.claim = given.claim AND known.expectation = given.id
        AND known.since = given.since AND known.rung >= given.rung)
    ORDER BY given.position`;
  return {
    tasks: tasks.length,
    fresh: fresh.flatMap(({ position, rung }) => {
      const task = tasks[position];
      return task ? [{ ...task, rung }] : [];
    }),
  };
}

/** How often a person was mailed since the beginning of their day, and when last. */
export async function mailsTo(
  database: Database,
  person: StaffCode,
  startOfDay: Instant,
): Promise<{ mailsToday: number; lastMailAt?: Instant }> {
  const [mailsToday, last] = await Promise.all([
    database.staffNotification.count({ where: { person, at: { gte: startOfDay } } }),
    database.staffNotification.findFirst({
      where: { person },
      orderBy: { at: 'desc' },
      select: { at: true },
    }),
  ]);
  return { mailsToday, ...present({ lastMailAt: last?.at.toISOString() }) };
}

/** Longer than a mail may take. After it the sender has died, and the mail was perhaps sent. */
const leaseMs = 60_000;

export interface StaffMail {
  reference: string;
  person: StaffCode;
  /** The keyed hash of the mailbox. */
  contact: string;
  tasks: readonly FreshTask[];
}

/**
 * Writes the mail with its tasks, and leases it to this sender. False when somebody else is notifying the
 * person of one of these tasks: then nothing is written.
 */
export async function planStaffMail(database: Database, mail: StaffMail, now: Instant): Promise<boolean> {
  const { reference, person, contact, tasks } = mail;
  try {
    await database.$transaction([
      database.$executeRaw`SELECT forget_old_staff_tasks(${person})`,
      database.staffNotification.create({
        data: {
          reference,
          person,
          at: now,
          state: 'sending',
          leaseUntil: new Date(Date.now() + leaseMs),
          contact,
        },
      }),
      database.staffNotificationTask.createMany({
        data: tasks.map(({ claim, id, since, rung }) => ({
          person,
          claim,
          expectation: id,
          since,
          rung,
          reference,
        })),
      }),
    ]);
    return true;
  } catch (fault) {
    if (fault instanceof Prisma.PrismaClientKnownRequestError && fault.code === 'P2002') return false;
    throw fault;
  }
}

/** The mail was certainly not sent: the person was not notified, and its tasks are fresh again. */
export async function forgetStaffMail(database: Database, reference: string): Promise<void> {
  await database.$executeRaw`SELECT forget_staff_mail(${reference})`;
}

/** Keeps how the sending ended. A bounce that came first stays. */
export async function endStaffMail(
  database: Database,
  reference: string,
  outcome: { state: 'accepted' | 'unknown' | 'failed'; providerId?: string; code?: string },
): Promise<void> {
  await database.staffNotification.updateMany({
    where: { reference, state: 'sending' },
    data: {
      state: outcome.state,
      leaseUntil: null,
      ...present({ providerId: outcome.providerId, errorCode: outcome.code }),
    },
  });
}

/** Mails whose sender died were perhaps sent, so they are not sent again. */
export async function loseDeadSenders(database: Database): Promise<void> {
  await database.staffNotification.updateMany({
    where: { state: 'sending', leaseUntil: { lt: new Date() } },
    data: { state: 'unknown', errorCode: 'sender-died', leaseUntil: null },
  });
}

/**
 * Puts a mailbox that takes no mail on the list of operations, once while it is open there: with the claim of
 * the oldest task that the person does not know of now.
 */
export async function followUpOnMailbox(database: Database, reference: string): Promise<void> {
  await database.$executeRaw`
    INSERT INTO follow_up (claim, id, branch, what)
    SELECT t.claim, 'mailbox-' || p.code, p.branch,
      'correct the mailbox of ' || p.code || ': mail about work comes back'
    FROM staff_notification_task t JOIN person p ON p.code = t.person
    WHERE t.reference = ${reference}
      AND NOT EXISTS (SELECT 1 FROM follow_up f WHERE f.id = 'mailbox-' || p.code AND f.done_at IS NULL)
    ORDER BY t.since LIMIT 1
    ON CONFLICT (claim, id) DO UPDATE SET done_at = NULL, done_by = NULL, how = NULL, since = now()`;
}

/** Whether a return address is that of a mail to a member of staff. */
export const isStaffMail = async (database: Database, token: string): Promise<boolean> =>
  (await database.staffNotification.count({ where: { providerId: { startsWith: `<${token}@` } } })) > 0;

/**
 * Keeps that a mail to staff came back. `token` is the one in its return address. False when it was no mail
 * to staff, or when the report names another mailbox.
 */
export async function staffMailCameBack(
  database: Database,
  { token, mailboxes, code }: { token: string; mailboxes: readonly string[]; code?: string },
): Promise<boolean> {
  const mail = await database.staffNotification.findFirst({
    where: { providerId: { startsWith: `<${token}@` }, contact: { in: [...mailboxes] } },
    select: { reference: true },
  });
  if (!mail) return false;
  await database.staffNotification.updateMany({
    where: { reference: mail.reference, state: { in: ['sending', 'accepted', 'unknown'] } },
    data: { state: 'bounced', leaseUntil: null, ...present({ errorCode: code }) },
  });
  await followUpOnMailbox(database, mail.reference);
  return true;
}
