import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../config/env.ts';
import { staffRoles, type StaffRole } from '../domain/people/people.ts';
import type { DemoStack } from './stack.ts';

/** Staff codes by what they do in the stories. */
export interface Cast {
  hotline: string;
  handler: string;
  surveyor: string;
  verifier: string;
  /** May assess and review, to show that nobody does both for one item. */
  assessor: string;
  juniorReviewer: string;
  seniorReviewer: string;
  manager: string;
  finance: string;
  supervisor: string;
  operations: string;
  auditor: string;
}

const people = z.array(
  z.object({
    code: z.string(),
    roles: z.array(z.enum(staffRoles)),
    branch: z.string(),
    limits: z.record(z.string(), z.number()).default({}),
  }),
);
type Person = z.infer<typeof people>[number];

/** The amount of the large loss in minor units. A reviewer with a lower limit is junior. */
const largeMinor = 38_000_000;

/**
 * The people of samples/people.json with a token of the stack, from the branch of the stories' policies,
 * which is the first person's. Throws a sentence when a part has nobody.
 */
export function castFor({ tokens }: DemoStack): { cast: Cast; titles: Map<string, string> } {
  const all = people.parse(JSON.parse(readFileSync(join(projectRoot, 'samples', 'people.json'), 'utf8')));
  const here = all.filter(({ code, branch }) => tokens[code] && branch === all[0]?.branch);
  const who = (what: string, fits: (person: Person) => boolean): string => {
    const found = here.find(fits);
    if (!found) throw new Error(`Expected: samples/people.json has ${what} in ${all[0]?.branch}.`);
    return found.code;
  };
  const first = (role: StaffRole): string => who(`a ${role}`, ({ roles }) => roles.includes(role));
  const cast: Cast = {
    hotline: first('hotline'),
    handler: first('handler'),
    surveyor: first('surveyor'),
    verifier: first('verifier'),
    assessor: who(
      'somebody who assesses and reviews',
      ({ roles }) => roles.includes('handler') && roles.includes('reviewer'),
    ),
    juniorReviewer: who(
      'a reviewer with a small limit',
      (person) => reviewsOnly(person) && limit(person) < largeMinor,
    ),
    seniorReviewer: who(
      'a reviewer with a large limit',
      (person) => reviewsOnly(person) && limit(person) >= largeMinor,
    ),
    manager: first('manager'),
    finance: first('finance'),
    supervisor: first('supervisor'),
    operations: first('operations'),
    auditor: first('auditor'),
  };
  return { cast, titles: new Map(all.map(({ code, roles }) => [code, roles[0] ?? ''])) };
}

const reviewsOnly = ({ roles }: Person): boolean => roles.length === 1 && roles.includes('reviewer');

const limit = ({ limits }: Person): number => limits['motor'] ?? 0;
