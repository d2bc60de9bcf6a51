import type { Claim } from '../../domain/claim/claim.ts';
import { circlesOf } from '../../domain/people/circles.ts';
import { deputyOf, isAway } from '../../domain/people/deputies.ts';
import type { StaffCode } from '../../domain/people/people.ts';
import { mayBe, rolesByName, type Member } from '../../domain/people/takers.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import { plusDays } from '../../domain/time/calendar.ts';
import type { LocalDate } from '../../domain/time/time.ts';
import type { Policy } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';
import { memberColumns, memberIn, type MemberRow } from '../staff/members.ts';
import { unitsOf } from '../staff/units.ts';

type RoleByName = (typeof rolesByName)[number];

/** The branch and the people that a new claim is assigned to. */
export interface Assignment {
  branch: string;
  /** `nobody`: a problem at once. */
  handler: string;
  surveyor: string;
}

/** Until somebody has it; also where nobody may. */
const nobody = { handler: 'nobody', surveyor: 'nobody' };

/** The day, the rules of the claim, and the claim. */
interface New {
  today: LocalDate;
  pack: RulePack;
  claim: Claim;
  /** Claims that each person is about to get, which the records do not count yet. */
  coming?: ReadonlyMap<StaffCode, number>;
}

/**
 * The branch is the policy's, or else the first handler's. The handler and the surveyor are those of the
 * branch with the fewest open claims, who are there and do not leave soon, did not file the claim and have no
 * conflict of interest; where the branch has nobody, those of the nearest unit above with all its parts.
 * `claimOf` gives the claim as it would be with an assignment.
 */
export async function assign(
  database: Database,
  policy: Pick<Policy, 'branch'> | undefined,
  { today, pack, claimOf }: Pick<New, 'today' | 'pack'> & { claimOf(assignment: Assignment): Claim },
): Promise<Assignment> {
  const branch = policy?.branch ?? (await branchOfFirstHandler(database)) ?? 'unassigned';
  const claim = claimOf({ branch, ...nobody });
  const [handler, surveyor] = await taken(database, rolesByName, { today, pack, claim });
  return { branch, handler: handler?.code ?? 'nobody', surveyor: surveyor?.code ?? 'nobody' };
}

/** The members of staff that the claim is best given to in each of these roles. */
export async function taken(
  database: Database,
  roles: readonly RoleByName[],
  given: New,
): Promise<(Member | undefined)[]> {
  const own = await loadedOf(database, [given.claim.branch]);
  const near = roles.map((role) => leastLoaded(role, own, given));
  if (near.every((each) => each !== undefined)) return near;
  const units = await unitsOf(database);
  const wider = await Promise.all(
    circlesOf('handler', given.claim.branch, units)
      .slice(1)
      .map((circle) => loadedOf(database, [...circle])),
  );
  return roles.map((role, index) =>
    [near[index], ...wider.map((circle) => leastLoaded(role, circle, given))].find(
      (each) => each !== undefined,
    ),
  );
}

function leastLoaded(
  role: RoleByName,
  loaded: readonly Loaded[],
  { today, pack, claim, coming }: New,
): Member | undefined {
  const members = loaded.map(({ member }) => member);
  const lastDay = plusDays(today, pack.staffing.noNewWorkDays);
  const load = new Map(members.map(({ code }) => [code, coming?.get(code) ?? 0]));
  for (const { member, load: own } of loaded) {
    const worker = deputyOf(member, members, today) ?? member;
    load.set(worker.code, (load.get(worker.code) ?? 0) + own[role]);
  }
  return members
    .filter((each) => !isAway(each, today) && (each.leavesOn === undefined || each.leavesOn > lastDay))
    .filter((each) => mayBe(role, each, claim, pack))
    .toSorted((one, other) => (load.get(one.code) ?? 0) - (load.get(other.code) ?? 0))[0];
}

async function branchOfFirstHandler(database: Database): Promise<string | undefined> {
  const first = await database.person.findFirst({
    where: { active: true, roles: { has: 'handler' } },
    orderBy: { code: 'asc' },
  });
  return first?.branch;
}

interface Loaded {
  member: Member;
  /** The number of open claims, by role. */
  load: Record<RoleByName, number>;
}

/** Those who handle and survey in these units; by code, so that equal loads go to the first. */
async function loadedOf(database: Database, units: readonly string[]): Promise<Loaded[]> {
  const rows = await database.prepared<MemberRow & Loaded['load']>('loads', loads, [units, rolesByName]);
  return rows.map(({ handler, surveyor, ...row }) => ({
    member: memberIn(row),
    load: { handler: Number(handler), surveyor: Number(surveyor) },
  }));
}

const loadAs = (role: RoleByName): string =>
  `(SELECT count(*) FROM claim WHERE outcome IS NULL AND ${role} = person.code AND '${role}' = ANY(roles))
    AS ${role}`;

const loads = `
  SELECT ${memberColumns},
    ${loadAs('handler')}, ${loadAs('surveyor')}
  FROM person WHERE active AND branch = ANY($1) AND roles && $2::text[] ORDER BY code`;
