import type { Policy } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';

/** The branch and the people that a new claim is assigned to. */
export interface Assignment {
  branch: string;
  handler: string;
  surveyor: string;
}

/**
 * The branch is the policy's, or else the first handler's. The handler and the surveyor are those of the
 * branch with the fewest open claims.
 */
export async function assign(database: Database, policy: Policy | undefined): Promise<Assignment> {
  const branch = policy?.branch ?? (await branchOfFirstHandler(database)) ?? 'unassigned';
  return { branch, ...(await leastLoaded(database, branch)) };
}

async function branchOfFirstHandler(database: Database): Promise<string | undefined> {
  const first = await database.person.findFirst({
    where: { active: true, roles: { has: 'handler' } },
    orderBy: { code: 'asc' },
  });
  return first?.branch;
}

async function leastLoaded(database: Database, branch: string): Promise<Omit<Assignment, 'branch'>> {
  const [people] = await database.prepared<Record<'handler' | 'surveyor', string | null>>(
    'least-loaded',
    leastLoadedOfBranch,
    [branch],
  );
  return { handler: people?.handler ?? 'nobody', surveyor: people?.surveyor ?? 'nobody' };
}

const leastLoadedWho = (role: 'handler' | 'surveyor'): string =>
  `(
    SELECT code FROM person
    WHERE active AND branch = $1 AND '${role}' = ANY(roles)
    ORDER BY (SELECT count(*) FROM claim WHERE outcome IS NULL AND ${role} = person.code), code
    LIMIT 1
  ) AS ${role}`;

const leastLoadedOfBranch = `SELECT ${leastLoadedWho('handler')}, ${leastLoadedWho('surveyor')}`;
