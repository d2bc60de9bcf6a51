import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import type { Policy } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';

/** Which desk a new claim lands on. */
export interface Intake {
  line: string;
  jurisdiction: string;
  branch: string;
  currency: string;
  handler: string;
  surveyor: string;
}

/**
 * Line and branch by the policy; handler and surveyor with the fewest open claims of that branch. An unknown
 * policy, or one of a line
 * that there are no rules for, is no reason to turn a notice away: the first line that knows the damaged
 * objects takes it, and the
 * cover check says what is wrong.
 */
export async function lineOf(
  database: Database,
  notice: NoticeOfLoss,
  policy: Policy | undefined,
  packs: RulePack[],
): Promise<Intake> {
  const pack =
    packs.find(({ line, jurisdiction }) => line === policy?.line && jurisdiction === policy.jurisdiction) ??
    packs.find(({ objects }) => notice.items.every(({ object }) => objects[object])) ??
    packs[0];
  const branch =
    policy?.branch ??
    (
      await database.person.findFirst({
        where: { active: true, roles: { has: 'handler' } },
        orderBy: { code: 'asc' },
      })
    )?.branch ??
    'unassigned';
  return {
    line: pack?.line ?? '',
    jurisdiction: pack?.jurisdiction ?? '',
    currency: policy?.currency ?? pack?.currency ?? '',
    branch,
    ...(await leastLoaded(database, branch)),
  };
}

async function leastLoaded(
  database: Database,
  branch: string,
): Promise<Pick<Intake, 'handler' | 'surveyor'>> {
  const [people] = await database.prepared<Record<'handler' | 'surveyor', string | null>>(
    'least-loaded',
    leastLoadedOfBranch,
    [branch],
  );
  return { handler: people?.handler ?? 'nobody', surveyor: people?.surveyor ?? 'nobody' };
}

const leastLoadedWho = (role: 'handler' | 'surveyor'): string =>
  `(SELECT code FROM person WHERE active AND branch = $1 AND '${role}' = ANY(roles) ORDER BY (SELECT count(*) FROM claim WHERE outcome IS NULL AND ${role} = person.code), code LIMIT 1) AS ${role}`;

const leastLoadedOfBranch = `SELECT ${leastLoadedWho('handler')}, ${leastLoadedWho('surveyor')}`;
