import { join } from 'node:path';
import { projectRoot } from '../config/env.ts';
import { staffRoles } from '../domain/people/people.ts';
import { present } from '../domain/present.ts';
import type { Signer } from '../domain/signed-payload.ts';
import { readRecords } from '../local/records.ts';

const people = readRecords(join(projectRoot, 'samples')).people;

/** A member of the sample staff, as the API would sign for them on a motor claim. */
export function sampleSigner(code: string): Signer {
  const kept = people.find((person) => person.code === code);
  const limit = kept?.limits && kept.limits['motor']?.['CNY'];
  return {
    kind: 'staff',
    code,
    roles: staffRoles.filter((role) => kept?.roles.includes(role)),
    branch: kept?.branch ?? '',
    conflicts: [],
    ...present({ limitMinor: typeof limit === 'number' ? limit : undefined }),
  };
}
