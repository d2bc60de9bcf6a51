import { readingRules } from '../../config/reading.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { onlyLooks, rolesFor } from '../../domain/people/permissions.ts';
import { isOfCompany } from '../../domain/people/takers.ts';
import type { Database } from '../../records/database.ts';
import { recordCountedLook, recordLook } from '../../records/parties/personal-looks.ts';
import type { Holder } from './server.ts';

/**
 * Records who decrypts payloads of which claims, or tries to. The answer is why the person may not: a payload
 * may hold a whole notice of loss, so it is for the claim's branch, and counts as a look without a task.
 */
export async function recordUse(
  database: Database,
  by: Holder,
  act: 'decode' | 'encode',
  claims: readonly ClaimNumber[],
): Promise<string | undefined> {
  const look = { by, claims, what: act };
  if (act === 'encode' || claims.length === 0) {
    await recordLook(database, { ...look, because: onlyLooks(by) ? 'audit' : 'branch', purpose: 'temporal' });
    return undefined;
  }
  if (onlyLooks(by)) {
    await recordLook(database, { ...look, because: 'audit', purpose: 'audit' });
    return undefined;
  }
  const others = isOfCompany(by, rolesFor('decrypt-payloads')) ? [] : await elsewhere(database, by, claims);
  if (others.length > 0) {
    await recordLook(database, { ...look, because: 'denied', purpose: 'temporal' });
    return `${by.code} is of ${by.branch}, and ${others.join(', ')} is not: somebody of its branch may look.`;
  }
  const { claims: most, hours } = readingRules.withoutTask;
  return (await recordCountedLook(
    database,
    { ...look, because: 'branch', purpose: 'temporal' },
    readingRules.withoutTask,
  ))
    ? undefined
    : `${by.code} has looked at ${most} claims in ${hours} hours, which is the most.`;
}

/** The claims that the records do not have in the person's branch. */
async function elsewhere(
  database: Database,
  { branch }: Holder,
  claims: readonly ClaimNumber[],
): Promise<ClaimNumber[]> {
  const own = await database.claim.findMany({
    where: { number: { in: [...claims] }, branch },
    select: { number: true },
  });
  return [...new Set(claims)].filter((claim) => !own.some(({ number }) => number === claim));
}
