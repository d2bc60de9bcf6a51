import { loadRulePacks } from '../config/rules.ts';
import type { NoticeOfLoss } from '../domain/notice.ts';
import type { Policy } from '../prisma/generated/client.ts';
import type { Database } from './database.ts';

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
 * Line and branch by the policy; handler and surveyor with the fewest open claims of that branch. An unknown policy, or one of a line
 * that there are no rules for, is no reason to turn a notice away: the first line that knows the damaged objects takes it, and the
 * cover check says what is wrong.
 */
export async function lineOf(database: Database, notice: NoticeOfLoss, policy: Policy | undefined, packName: string): Promise<Intake> {
  const packs = loadRulePacks(packName);
  const pack = packs.find(({ line, jurisdiction }) => line === policy?.line && jurisdiction === policy.jurisdiction) ?? packs.find(({ objects }) => notice.items.every(({ object }) => objects[object])) ?? packs[0];
  const branch = policy?.branch ?? (await database.person.findFirst({ where: { active: true, roles: { has: 'handler' } }, orderBy: { code: 'asc' } }))?.branch ?? 'unassigned';
  return {
    line: pack?.line ?? '',
    jurisdiction: pack?.jurisdiction ?? '',
    currency: policy?.currency ?? pack?.currency ?? '',
    branch,
    handler: await leastLoaded(database, 'handler', branch),
    surveyor: await leastLoaded(database, 'surveyor', branch),
  };
}

async function leastLoaded(database: Database, role: 'handler' | 'surveyor', branch: string): Promise<string> {
  const people = await database.person.findMany({ where: { active: true, branch, roles: { has: role } }, select: { code: true }, orderBy: { code: 'asc' } });
  const open = await database.claim.groupBy({ by: [role], where: { outcome: null, [role]: { in: people.map(({ code }) => code) } }, _count: true });
  const load = new Map(open.map(({ _count: count, [role]: code }) => [code, count]));
  return people.map(({ code }) => code).toSorted((a, b) => (load.get(a) ?? 0) - (load.get(b) ?? 0))[0] ?? 'nobody';
}
