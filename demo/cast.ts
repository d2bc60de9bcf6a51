import type { StaffRole } from '../domain/people/people.ts';
import { samplePeople, type SamplePerson } from '../local/sample-company.ts';
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

/** The amount of the large loss in minor units. A reviewer with a lower limit is junior. */
const largeMinor = 38_000_000;

/**
 * The people of samples/staff.jsonl with a token of the stack, from the branch of the stories' policies,
 * which is the first person's, and from the head office. Throws a sentence when a part has nobody.
 */
export function castFor({ tokens }: DemoStack): { cast: Cast; titles: Map<string, string> } {
  const all = samplePeople();
  const units = [all[0]?.unit, 'head'];
  const here = all.filter(({ code, unit }) => tokens[code] && units.includes(unit));
  const who = (what: string, fits: (person: SamplePerson) => boolean): string => {
    const found = here.find(fits);
    if (!found) throw new Error(`Expected: samples/staff.jsonl has ${what} in ${units.join(' or ')}.`);
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

const reviewsOnly = ({ roles }: SamplePerson): boolean => roles.length === 1 && roles.includes('reviewer');

const limit = ({ limits }: SamplePerson): number => limits['motor']?.['CNY'] ?? 0;
