import { connectDatabase } from '../records/database.ts';

/** The number of the nth copy of a policy. */
export const policyCopy = (policy: string, nth: number): string => `${policy}-${nth}`;

/**
 * Copies of a policy under numbers of their own, for measurements with many claims: what belongs to one
 * policy and loss is counted together, so claims of a thousand customers need a thousand policies.
 */
export async function copyPolicy(databaseUrl: string, policy: string, copies: number): Promise<void> {
  const database = connectDatabase(databaseUrl);
  const found = await database.policy.findUniqueOrThrow({ where: { number: policy } });
  await database.policy.createMany({
    data: Array.from({ length: copies }, (_, index) => ({
      ...found,
      objects: JSON.parse(JSON.stringify(found.objects)),
      number: policyCopy(policy, index + 1),
    })),
    skipDuplicates: true,
  });
  await database.$disconnect();
}
