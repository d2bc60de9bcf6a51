import type { InsuredObject } from '../../domain/money/policy.ts';
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
      people: plain(people),
      special: plain(special),
      number,
    })),
    skipDuplicates: true,
  });
}

interface PolicyChange {
  line?: string;
  currency?: string;
  branch?: string;
  objects?: Record<string, InsuredObject>;
  validFrom?: Date;
  validTo?: Date;
}

/** Corrects the insured objects of a policy, as a new version; returns the former ones. */
export async function insure(
  database: Pick<Database, 'policy'>,
  number: string,
  insured: Record<string, InsuredObject>,
): Promise<Record<string, InsuredObject>> {
  const former = await database.policy.findFirstOrThrow({
    where: { number, replacedAt: null },
    orderBy: { version: 'desc' },
  });
  const { version, objects, people, special, ...rest } = former;
  await database.policy.update({
    where: { number_version: { number, version } },
    data: { replacedAt: new Date() },
  });
  await database.policy.create({
    data: {
      ...rest,
      version: version + 1,
      objects: plain(insured),
      people: plain(people),
      special: plain(special),
    },
  });
  return objectsOf(objects);
}

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
