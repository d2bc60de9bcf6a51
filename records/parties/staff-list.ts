import type { Database } from '../database.ts';
import { staffRoles, type StaffCode, type StaffRole } from '../../domain/people/people.ts';

/** A member of staff, as colleagues see them. */
export interface ListedStaff {
  code: StaffCode;
  name: string;
  roles: StaffRole[];
  branch: string;
  active: boolean;
}

/** All present and former staff, by code. */
export async function staffOnRecord(database: Database): Promise<ListedStaff[]> {
  const people = await database.person.findMany({
    select: { code: true, name: true, roles: true, branch: true, active: true },
    orderBy: { code: 'asc' },
  });
  return people.map((each) => ({ ...each, roles: staffRoles.filter((role) => each.roles.includes(role)) }));
}

/** A claim names its handler and surveyor; the other roles of a branch share their tasks. */
const byName = ['handler', 'surveyor'] as const;

interface Count {
  role: string;
  /** The staff code of a handler or surveyor, or else the branch. */
  of: string;
  things: number;
}

/** The number of tasks of each person, as `workOf` lists them, with one query for all people. */
export async function waitingCounts(
  database: Database,
  staff: ListedStaff[],
): Promise<Map<StaffCode, number>> {
  const [handlers, surveyors, shared, followUps] = await Promise.all([
    ofHandlers(database),
    ofSurveyors(database),
    database.expectation.groupBy({
      by: ['from', 'branch'],
      where: { from: { in: staffRoles.filter((role) => !byName.some((each) => each === role)) } },
      _count: true,
    }),
    database.followUp.groupBy({ by: ['branch'], where: { doneAt: null }, _count: true }),
  ]);
  const ofBranches: Count[] = [
    ...shared.map(({ from, branch, _count: things }) => ({ role: from, of: branch, things })),
    ...followUps.map(({ branch, _count: things }) => ({ role: 'operations', of: branch, things })),
  ];
  const staffed = (role: string, branch: string): boolean =>
    staff.some((each) => each.active && each.branch === branch && each.roles.some((own) => own === role));
  const isTheirs = ({ roles, branch }: ListedStaff, { role, of }: Count): boolean =>
    roles.some((own) => own === role) && (of === branch || !staffed(role, of));
  return new Map(
    staff.map((each) => {
      const counts = [
        ...[...handlers, ...surveyors].filter(({ of }) => of === each.code),
        ...ofBranches.filter((count) => isTheirs(each, count)),
      ];
      return [each.code, counts.reduce((sum, { things }) => sum + things, 0)];
    }),
  );
}

const ofHandlers = (database: Database): Promise<Count[]> => database.$queryRaw`
  SELECT 'handler' AS role, c.handler AS of, count(*)::int AS things
  FROM expectation e JOIN claim c ON c.number = e.claim
  WHERE e."from" = 'handler' AND c.outcome IS NULL GROUP BY c.handler`;

const ofSurveyors = (database: Database): Promise<Count[]> => database.$queryRaw`
  SELECT 'surveyor' AS role, c.surveyor AS of, count(*)::int AS things
  FROM expectation e JOIN claim c ON c.number = e.claim
  WHERE e."from" = 'surveyor' AND c.outcome IS NULL GROUP BY c.surveyor`;
