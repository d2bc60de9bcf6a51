import { staffRoles } from '../domain/people/people.ts';
import { present } from '../domain/present.ts';
import type { Signer } from '../domain/signed-payload.ts';
import { samplePeople } from '../local/sample-company.ts';

const people = samplePeople();

/** A member of the sample staff, as the API would sign for them on a motor claim. */
export function sampleSigner(code: string): Signer {
  const kept = people.find((person) => person.code === code);
  return {
    kind: 'staff',
    code,
    roles: staffRoles.filter((role) => kept?.roles.includes(role)),
    branch: kept?.unit ?? '',
    conflicts: [],
    ...present({ limitMinor: kept?.limits['motor']?.['CNY'] }),
  };
}
