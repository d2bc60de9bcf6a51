import type { Database } from '../database.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import type { Person } from '../../domain/people/people.ts';

export interface Look {
  by: Pick<Person, 'code' | 'roles'>;
  claims: ClaimNumber[];
  /** `contact`, `decode`. */
  what: string;
}

/** Records a look at personal data, before it is answered: without a record nobody sees anything. */
export async function recordLook(database: Database, { by, claims, what }: Look): Promise<void> {
  await database.personalLook.create({
    data: { by: by.code, roles: [...by.roles], claims: [...new Set(claims)].toSorted(), what },
  });
}
