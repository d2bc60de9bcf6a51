import { z } from 'zod';
import { staffRoles, type Person, type StaffCode } from '../../domain/people/people.ts';
import { present } from '../../domain/present.ts';
import type { Database } from '../database.ts';

const limits = z.record(z.string(), z.unknown());
const limit = z.int().optional().catch(undefined);

/** Those of these people who are active, with their authority of now in a line of business. */
export async function authorityOf(
  database: Database,
  codes: StaffCode[],
  line: string,
): Promise<Map<StaffCode, Person>> {
  const rows = await database.person.findMany({ where: { code: { in: codes }, active: true } });
  return new Map(
    rows.map(({ code, roles, branch, conflicts, limits: byLine }) => [
      code,
      {
        code,
        branch,
        conflicts,
        roles: staffRoles.filter((role) => roles.includes(role)),
        ...present({ limitMinor: limit.parse(limits.safeParse(byLine).data?.[line]) }),
      },
    ]),
  );
}
