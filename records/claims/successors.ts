import { houseRules, type RuleBook } from '../../config/rules/load.ts';
import { todayIn } from '../../config/today.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import type { ReportName } from '../../domain/claim/reports.ts';
import type { Company } from '../../domain/people/circles.ts';
import { absenceOn, deputyOf, hasLeft, type Attendance } from '../../domain/people/deputies.ts';
import type { StaffCode } from '../../domain/people/people.ts';
import { mayBe, rolesByName, type Member } from '../../domain/people/takers.ts';
import { present } from '../../domain/present.ts';
import { plusDays } from '../../domain/time/calendar.ts';
import type { Instant, LocalDate } from '../../domain/time/time.ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';
import { companyOn, dayOf } from '../staff/company.ts';
import { memberColumns, memberIn, type MemberRow } from '../staff/members.ts';
import { taken } from './assignment.ts';
import { claimOf } from './projection.ts';

/** What the system reports to a claim about the people it names. The id is the same on the same day. */
export interface StaffReport {
  claim: string;
  name: Extract<ReportName, 'handler-left' | 'handler-away' | 'handler-back'>;
  id: string;
  fields: object;
}

/** So many claims at a time: a thousand claims of somebody who left are handed over in some minutes. */
const atOnce = 50;

/**
 * The hand-overs that are due: of open claims whose handler or surveyor has left, to their deputy where that
 * one may, else to the least loaded who may. `after` is the number of the last claim of the last round. A
 * claim for which nobody is found stays: operations have that as a problem.
 */
export async function dueHandOvers(
  database: Database,
  now: Instant,
  after: string,
  book: RuleBook = houseRules,
): Promise<{ reports: StaffReport[]; last: string }> {
  const [company, former] = await Promise.all([companyOn(database, dayOf(now)), formerStaff(database)]);
  const gone = [...company.staff, ...former].filter((each) => hasLeft(each, tomorrow(now)));
  if (gone.length === 0) return { reports: [], last: '' };
  const codes = gone.map(({ code }) => code);
  const rows = await database.$queryRaw<Row[]>`
    SELECT c.number, c.state FROM claim c
    WHERE c.outcome IS NULL AND c.number > ${after}
      AND (c.handler = ANY(${codes}) OR c.surveyor = ANY(${codes}))
    ORDER BY c.number LIMIT ${atOnce}`;
  const reports: StaffReport[] = [];
  const coming = new Map<StaffCode, number>();
  for (const claim of rows.map(({ state }) => claimOf(state)))
    reports.push(...(await handOversOf(database, claim, { company, former, now, book, coming })));
  return { reports, last: rows.length === atOnce ? (rows.at(-1)?.number ?? '') : '' };
}

interface Row {
  number: string;
  state: Prisma.JsonValue;
}

/** Somewhere it is a day later than by UTC. */
const tomorrow = (now: Instant): LocalDate => plusDays(dayOf(now), 1);

interface World {
  company: Company<Member>;
  former: readonly Attendance[];
  now: Instant;
  book: RuleBook;
  /** Claims of this round, by who gets them. */
  coming: Map<StaffCode, number>;
}

async function handOversOf(database: Database, claim: Claim, world: World): Promise<StaffReport[]> {
  const today = todayIn(claim.jurisdiction, world.now);
  const roles = rolesByName.filter((role) => isGone(claim, role, world, today));
  const found = await Promise.all(roles.map((role) => successor(database, claim, role, world, today)));
  return roles.flatMap((role, index): StaffReport[] => {
    const to = found[index];
    if (!to) return [];
    const left = claim[role];
    const { code, roles: own, branch, conflicts } = to;
    world.coming.set(code, (world.coming.get(code) ?? 0) + 1);
    return [
      {
        claim: claim.number,
        name: 'handler-left',
        id: `left:${claim.number}:${role}:${left}:${code}:${today}`,
        fields: { left, role, to: code, as: { roles: own, branch, conflicts } },
      },
    ];
  });
}

/** A survey that is done needs no other surveyor. */
const isGone = (
  claim: Claim,
  role: (typeof rolesByName)[number],
  { company, former }: World,
  today: LocalDate,
): boolean => {
  const person = attendanceOf(claim[role], company, former);
  return person !== undefined && hasLeft(person, today) && !(role === 'surveyor' && claim.survey);
};

const attendanceOf = (
  code: string,
  { staff }: Company<Member>,
  former: readonly Attendance[],
): Attendance | undefined => [...staff, ...former].find((each) => each.code === code);

async function successor(
  database: Database,
  claim: Claim,
  role: (typeof rolesByName)[number],
  { company, former, book, coming }: World,
  today: LocalDate,
): Promise<Member | undefined> {
  const pack = book.recorded(claim.rules);
  const left = attendanceOf(claim[role], company, former);
  const deputy = left && deputyOf<Attendance>(left, [...company.staff, ...former], today);
  const member = company.staff.find(({ code }) => code === deputy?.code);
  if (member && mayBe(role, member, claim, pack)) return member;
  return (await taken(database, [role], { today, pack, claim, coming }))[0];
}

async function formerStaff(database: Database): Promise<Attendance[]> {
  const rows = await database.prepared<MemberRow>(
    'former-members',
    `SELECT ${memberColumns} FROM person WHERE NOT active ORDER BY code`,
    [],
  );
  return rows.map((row) => ({ ...memberIn(row), active: false }));
}

/**
 * What open major claims do not know yet of their handler's absence, or return (S28). `after` as for
 * `dueHandOvers`.
 */
export async function dueAbsences(
  database: Database,
  now: Instant,
  after: string,
): Promise<{ reports: StaffReport[]; last: string }> {
  const company = await companyOn(database, dayOf(now));
  const codes = company.staff.flatMap(({ code, absences }) => (absences.length > 0 ? code : []));
  const rows = await database.$queryRaw<Row[]>`
    SELECT number, state FROM (
      SELECT c.number, c.state FROM claim c
      WHERE c.outcome IS NULL AND c.urgency = 'priority' AND c.handler = ANY(${codes})
      UNION ALL
      SELECT c.number, c.state FROM claim c
      WHERE c.outcome IS NULL AND c.state ? 'handlerAway' AND NOT c.handler = ANY(${codes})) AS concerned
    WHERE number > ${after} ORDER BY number LIMIT ${atOnce}`;
  const reports = rows.flatMap(({ state }) => absenceOf(claimOf(state), company, now));
  return { reports, last: rows.length === atOnce ? (rows.at(-1)?.number ?? '') : '' };
}

function absenceOf(claim: Claim, { staff }: Company<Member>, now: Instant): StaffReport[] {
  const today = todayIn(claim.jurisdiction, now);
  const { number, handler, handlerAway } = claim;
  const member = staff.find(({ code }) => code === handler);
  const absence = member && !hasLeft(member, today) ? absenceOn(member, today) : undefined;
  if (!member || !absence)
    return handlerAway
      ? [
          {
            claim: number,
            name: 'handler-back',
            id: `back:${number}:${handler}:${today}`,
            fields: { handler },
          },
        ]
      : [];
  const deputy = deputyOf(member, staff, today);
  const handles = deputy?.roles.includes('handler') ? deputy.code : undefined;
  const away = present({ deputy: handles, until: absence.until });
  if (handlerAway && handlerAway.deputy === away.deputy && handlerAway.until === away.until) return [];
  const id = ['away', number, handler, away.deputy ?? 'nobody', away.until ?? 'open', today].join(':');
  return [{ claim: number, name: 'handler-away', id, fields: { handler, ...away } }];
}
