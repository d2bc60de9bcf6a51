import type { Claim } from '../../domain/claim/claim.ts';
import { isAbsent } from '../../domain/people/deputies.ts';
import { mayBe, rolesByName, type Member } from '../../domain/people/takers.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import type { LocalDate } from '../../domain/time/time.ts';
import type { Policy } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';
import { memberColumns, memberIn, type MemberRow } from '../staff/members.ts';

/** The branch and the people that a new claim is assigned to. */
export interface Assignment {
  branch: string;
  /** `nobody`: a problem at once. */
  handler: string;
  surveyor: string;
}

/** Until somebody has it; also where nobody may. */
const nobody = { handler: 'nobody', surveyor: 'nobody' };

/**
 * The branch is the policy's, or else the first handler's. The handler and the surveyor are those of the
 * branch with the fewest open claims, who are present, did not file the claim and have no conflict of
 * interest. `claimOf` gives the claim as it would be with an assignment.
 */
export async function assign(
  database: Database,
  policy: Pick<Policy, 'branch'> | undefined,
  { today, pack, claimOf }: { today: LocalDate; pack: RulePack; claimOf(assignment: Assignment): Claim },
): Promise<Assignment> {
  const branch = policy?.branch ?? (await branchOfFirstHandler(database)) ?? 'unassigned';
  const claim = claimOf({ branch, ...nobody });
  const here = (await membersOfBranch(database, branch)).filter(({ member }) => !isAbsent(member, today));
  const leastLoaded = (role: 'handler' | 'surveyor'): string =>
    here
      .filter(({ member }) => mayBe(role, member, claim, pack))
      .toSorted((one, other) => one.load[role] - other.load[role])[0]?.member.code ?? 'nobody';
  return { branch, handler: leastLoaded('handler'), surveyor: leastLoaded('surveyor') };
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
  load: Record<'handler' | 'surveyor', number>;
}

/** By code, so that equal loads go to the first. */
async function membersOfBranch(database: Database, branch: string): Promise<Loaded[]> {
  const rows = await database.prepared<MemberRow & Loaded['load']>('loads', loads, [branch, rolesByName]);
  return rows.map(({ handler, surveyor, ...row }) => ({
    member: memberIn(row),
    load: { handler: Number(handler), surveyor: Number(surveyor) },
  }));
}

const loadAs = (role: 'handler' | 'surveyor'): string =>
  `(SELECT count(*) FROM claim WHERE outcome IS NULL AND ${role} = person.code AND '${role}' = ANY(roles))
    AS ${role}`;

const loads = `
  SELECT ${memberColumns},
    ${loadAs('handler')}, ${loadAs('surveyor')}
  FROM person WHERE active AND branch = $1 AND roles && $2::text[] ORDER BY code`;
