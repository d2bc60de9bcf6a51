import { dayIn } from '../../config/today.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import type { Currency } from '../../domain/money/money.ts';
import { hasLeft, standsInFor } from '../../domain/people/deputies.ts';
import { staffRoles, type Person, type StaffCode } from '../../domain/people/people.ts';
import { isOfAuthority } from '../../domain/people/permissions.ts';
import { beneath } from '../../domain/people/units.ts';
import { present } from '../../domain/present.ts';
import { instantOf, type Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import { attendanceIn, type AttendanceRow } from './attendance.ts';
import { unitsOf } from './units.ts';

type Of =
  | { line: string; currency: Currency; claim?: never }
  | { claim: ClaimNumber; line?: never; currency?: never };

/**
 * Those of these people who may act, with their authority of this moment, and the moment by the records'
 * clock. The limit is that of the line and currency, or of the claim's; a claim without a row has none. Of
 * the units beneath their own the claim's branch is enough; without a row they are all named, and without a
 * claim (`''`) none.
 */
export async function authorityOf(
  database: Pick<Database, 'prepared'>,
  codes: StaffCode[],
  of: Of,
): Promise<{ now: Instant; people: Map<StaffCode, Person> }> {
  const rows = await database.prepared<AuthorityRow>('authority', authority, [
    codes,
    of.line,
    of.currency,
    of.claim,
  ]);
  const [first] = rows;
  if (!first) throw new Error('The records do not know the time');
  const now = instantOf(first.now.getTime());
  const people = rows.flatMap(personIn);
  const [placed, replaced] = await Promise.all([
    first.claimed === null ? belowIn(database, of.claim === '' ? [] : people) : belowOn(people, first),
    first.areNamed ? replacedBy(database, people, now) : new Map<StaffCode, StaffCode[]>(),
  ]);
  return {
    now,
    people: new Map(
      people.map((person) => {
        const { code } = person;
        const [below = [], absent = []] = [placed.get(code), replaced.get(code)];
        return [
          code,
          {
            ...person,
            ...(below.length > 0 && { below }),
            ...(absent.length > 0 && { standsInFor: absent }),
          },
        ];
      }),
    ),
  };
}

/**
 * One row at least, for the time. `areNamed`: somebody who is away, or may be somewhere on earth, names one
 * of the people as a deputy.
 */
const authority = `
  SELECT clock_timestamp() AS now, p.code, p.roles, p.branch, p.conflicts, p.time_zone AS "timeZone",
    p.leaves_on::text AS "leavesOn",
    p.limits -> COALESCE($2, c.line) -> COALESCE($3, c.currency) AS "limit",
    c.branch AS claimed,
    ARRAY(
      WITH RECURSIVE up AS (
        SELECT above AS code FROM unit WHERE code = c.branch
        UNION SELECT unit.above FROM unit JOIN up ON up.code = unit.code
      ) SELECT code FROM up WHERE code IS NOT NULL
    ) AS up,
    EXISTS (
      SELECT FROM person other
      WHERE (NOT other.active OR other.leaves_on < CURRENT_DATE + 2 OR other.absences <> '[]')
        AND (other.deputies && $1 OR EXISTS (
          SELECT FROM jsonb_array_elements(other.absences) AS absence WHERE absence->>'deputy' = ANY($1)))
    ) AS "areNamed"
  FROM (SELECT 1) AS moment
  LEFT JOIN claim c ON c.number = $4
  LEFT JOIN person p ON p.code = ANY($1) AND p.active`;

interface AuthorityRow {
  now: Date;
  code: string | null;
  roles: string[] | null;
  branch: string | null;
  conflicts: string[] | null;
  timeZone: string | null;
  leavesOn: string | null;
  limit: unknown;
  /** The claim's branch, if it has a row, and the units above that. */
  claimed: string | null;
  up: string[];
  areNamed: boolean;
}

/** None for somebody whose last day is over. */
function personIn({ now, code, roles, branch, conflicts, ...row }: AuthorityRow): Person[] {
  const { limit, timeZone, leavesOn } = row;
  if (code === null || !roles || branch === null || !conflicts || timeZone === null) return [];
  const today = dayIn(timeZone, instantOf(now.getTime()));
  if (hasLeft(present({ leavesOn: leavesOn ?? undefined }), today)) return [];
  const limitMinor = typeof limit === 'number' ? limit : undefined;
  const known = staffRoles.filter((role) => roles.includes(role));
  return [{ code, roles: known, branch, conflicts, ...present({ limitMinor }) }];
}

type Below = Map<StaffCode, string[]>;

const hasAuthority = ({ roles }: Person): boolean => roles.some(isOfAuthority);

const belowOn = (people: readonly Person[], { claimed, up }: AuthorityRow): Below =>
  new Map(
    people
      .filter((person) => hasAuthority(person) && up.includes(person.branch) && person.branch !== claimed)
      .map(({ code }) => [code, claimed === null ? [] : [claimed]]),
  );

async function belowIn(database: Pick<Database, 'prepared'>, people: readonly Person[]): Promise<Below> {
  const superiors = people.filter(hasAuthority);
  const units = superiors.length > 0 ? await unitsOf(database) : [];
  return new Map(superiors.map(({ code, branch }) => [code, beneath(units, branch)]));
}

/** The colleagues whose deputy each of these people is now: each day begins where the absent person works. */
async function replacedBy(
  database: Pick<Database, 'prepared'>,
  people: readonly Person[],
  now: Instant,
): Promise<Map<StaffCode, StaffCode[]>> {
  const rows = await database.prepared<AttendanceRow>('away', away, []);
  const days = new Map(
    [...new Set(rows.map(({ timeZone }) => timeZone))].map((zone) => [zone, dayIn(zone, now)]),
  );
  const dayOf = new Map(rows.map(({ code, timeZone }) => [code, days.get(timeZone)]));
  const today = (code: StaffCode): string => dayOf.get(code) ?? now.slice(0, 10);
  const staff = rows.map(attendanceIn);
  return new Map(people.map(({ code }) => [code, standsInFor(code, staff, today)]));
}

/** Everybody who is away, or may be somewhere on earth, and all the people that they name. */
const away = `
  WITH away AS (
    SELECT code, deputies, absences FROM person
    WHERE NOT active OR leaves_on < CURRENT_DATE + 2 OR absences <> '[]'
  ), named AS (
    SELECT unnest(deputies) AS code FROM away
    UNION SELECT absence->>'deputy' FROM away, jsonb_array_elements(absences) AS absence
  )
  SELECT code, deputies, absences, active, leaves_on::text AS "leavesOn", time_zone AS "timeZone"
  FROM person
  WHERE code IN (SELECT code FROM away UNION SELECT code FROM named)
  ORDER BY code`;
