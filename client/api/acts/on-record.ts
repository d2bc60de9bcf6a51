import type { Person, StaffCode, StaffRole } from '../../../domain/people/people.ts';
import { authorityOf } from '../../../records/staff/authority.ts';
import { whenUp } from '../context.ts';
import { problem, recordsDown, type ApiProblem } from '../problem.ts';
import type { Errand } from './door.ts';

/** What is signed of a person who takes something over. */
export interface OnRecord {
  kind: 'on-record';
  as: Pick<Person, 'branch' | 'roles' | 'conflicts'>;
}

/** The person as the records know them now; a problem where they may not act, or lack the role. */
export async function onRecord(
  to: StaffCode,
  role: StaffRole,
  { context: { database }, found: { claim } }: Pick<Errand, 'context' | 'found'>,
): Promise<OnRecord | ApiProblem> {
  const answer = await whenUp(authorityOf(database, [to], { claim: claim.number }));
  if (answer === 'down') return recordsDown();
  const person = answer.people.get(to);
  if (!person)
    return problem(422, `to must be the code of an active member of staff; "${to}" is not.`, { field: 'to' });
  if (!person.roles.includes(role))
    return problem(422, `to must be a ${role}; ${to} is not.`, { field: 'to' });
  const { branch, roles, conflicts } = person;
  return { kind: 'on-record', as: { branch, roles, conflicts } };
}
