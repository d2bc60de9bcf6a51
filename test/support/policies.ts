import type { InsuredObject, PolicyPerson, SpecialTerm } from '../../domain/money/policy.ts';
import { objectsOf } from '../../records/policies/policies.ts';
import type { Database } from '../../records/database.ts';

/** The policies `numbers`, each as the first version of `like`, with what is given here instead. */
export async function keepPolicies(
  database: Pick<Database, 'policy'>,
  numbers: string[],
  { like = 'P-1', ...change }: PolicyChange & { like?: string } = {},
): Promise<void> {
  const found = await database.policy.findUniqueOrThrow({
    where: { number_version: { number: like, version: 1 } },
  });
  const { objects, people, special, ...rest } = found;
  await database.policy.createMany({
    data: numbers.map((number) => ({
      ...rest,
      ...change,
      objects: plain(change.objects ?? objects),
      people: plain(change.people ?? people),
      special: plain(change.special ?? special),
      number,
    })),
    skipDuplicates: true,
  });
}

/** A corrected row of the policy comes: a new version, which takes the place of the last one. */
export async function correctPolicy(
  database: Pick<Database, 'policy'>,
  number: string,
  change: PolicyChange,
): Promise<void> {
  const last = await database.policy.findFirstOrThrow({ where: { number }, orderBy: { version: 'desc' } });
  const where = { number_version: { number, version: last.version } };
  await database.policy.update({ where, data: { replacedAt: new Date() } });
  const { objects, people, special, ...rest } = last;
  await database.policy.create({
    data: {
      ...rest,
      ...change,
      version: last.version + 1,
      objects: plain(change.objects ?? objects),
      people: plain(change.people ?? people),
      special: plain(change.special ?? special),
    },
  });
}

interface PolicyChange {
  version?: number;
  endorsement?: string;
  line?: string;
  currency?: string;
  branch?: string;
  objects?: Record<string, InsuredObject>;
  people?: PolicyPerson[];
  special?: (SpecialTerm & { words: string })[];
  wording?: string;
  validFrom?: Date;
  validTo?: Date;
}

/** Corrects the insured objects of a policy, as a new version; returns the former ones. */
export async function insure(
  database: Pick<Database, 'policy'>,
  number: string,
  objects: Record<string, InsuredObject>,
): Promise<Record<string, InsuredObject>> {
  const former = await database.policy.findFirstOrThrow({ where: { number, replacedAt: null } });
  await correctPolicy(database, number, { objects });
  return objectsOf(former.objects);
}

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
