import { calendarFor } from '../../config/calendars.ts';
import { houseRules, type RuleBook } from '../../config/rules/load.ts';
import type { RuleVersions } from '../../domain/rules/pack.ts';
import type { StaffCode } from '../../domain/people/people.ts';
import { after } from '../../domain/time/calendar.ts';
import { instantOf, type Instant } from '../../domain/time/time.ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';
import { claimOf } from './projection.ts';

/** Begins the id of the follow-up of a claim that nobody looks at; the day of the last look ends it. */
const unseen = 'unseen-';

/**
 * Keeps that somebody looked at an open claim, or acted on it, and until when somebody should look again. It
 * ends the follow-up that nobody has looked at it. Nothing happens for a claim that the records lack.
 */
export async function keepLook(
  database: Database,
  { claim, by, now }: { claim: string; by: StaffCode; now: Instant },
  book: RuleBook = houseRules,
): Promise<void> {
  const [found] = await database.prepared<{ rules: RuleVersions }>('rules-of-claim', rulesOfClaim, [claim]);
  if (!found) return;
  const row = { by, at: now, lookBy: lookByOf(found.rules, now, book) };
  await database.claimLook.upsert({ where: { claim }, create: { claim, ...row }, update: row });
  await database.followUp.updateMany({
    where: { claim, id: { startsWith: unseen }, doneAt: null },
    data: { doneAt: now, doneBy: by, how: 'looked-at' },
  });
}

const rulesOfClaim = `SELECT state->'rules' AS rules FROM claim WHERE number = $1 AND outcome IS NULL`;

function lookByOf(rules: RuleVersions, at: Instant, book: RuleBook): Instant {
  const pack = book.recorded(rules);
  return after(at, pack.staffing.unseenAfter, calendarFor(pack, at, at));
}

const atOnce = 500;

/**
 * Puts open claims that nobody has looked at for too long on the lists of supervisors; one without a look
 * counts from its opening. `after` is the number of the last claim of the last round. Closed claims need no
 * look.
 */
export async function sweepUnseen(
  database: Database,
  now: Instant,
  since: string,
  book: RuleBook = houseRules,
): Promise<string> {
  const fresh = await database.$queryRaw<{ number: string; openedAt: Date; state: Prisma.JsonValue }[]>`
    SELECT c.number, c.opened_at AS "openedAt", c.state FROM claim c
    WHERE c.outcome IS NULL AND c.number > ${since}
      AND NOT EXISTS (SELECT FROM claim_look l WHERE l.claim = c.number)
    ORDER BY c.number LIMIT ${atOnce}`;
  await database.claimLook.createMany({
    data: fresh.map(({ number, openedAt, state }) => {
      const at = instantOf(openedAt.getTime());
      return { claim: number, by: 'lipei', at, lookBy: lookByOf(claimOf(state).rules, at, book) };
    }),
    skipDuplicates: true,
  });
  await database.$executeRaw`
    INSERT INTO follow_up (claim, id, branch, role, what, since)
    SELECT l.claim, ${unseen} || to_char(l.at, 'YYYY-MM-DD'), c.branch, 'supervisor',
      'nobody has looked at this claim since ' || to_char(l.at, 'YYYY-MM-DD'), ${now}::timestamptz
    FROM claim_look l JOIN claim c ON c.number = l.claim AND c.outcome IS NULL
    WHERE l.look_by < ${now}::timestamptz
      AND NOT EXISTS (
        SELECT FROM follow_up f
        WHERE f.claim = l.claim AND f.id = ${unseen} || to_char(l.at, 'YYYY-MM-DD') AND f.done_at IS NULL)
    ORDER BY l.look_by LIMIT ${atOnce}
    ON CONFLICT (claim, id) DO UPDATE
      SET since = excluded.since, done_at = NULL, done_by = NULL, how = NULL`;
  await database.$executeRaw`
    UPDATE follow_up f SET done_at = ${now}::timestamptz, done_by = 'lipei', how = 'closed'
    FROM claim c
    WHERE f.id LIKE ${unseen} || '%' AND f.done_at IS NULL AND c.number = f.claim AND c.outcome IS NOT NULL`;
  await database.$executeRaw`
    DELETE FROM claim_look l USING claim c
    WHERE l.look_by < ${now}::timestamptz AND c.number = l.claim AND c.outcome IS NOT NULL`;
  return fresh.length === atOnce ? (fresh.at(-1)?.number ?? '') : '';
}
