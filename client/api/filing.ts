import type { Policy } from '../../prisma/generated/client.ts';
import { numbersOnRecord } from '../../records/claims/claim-numbers.ts';
import { loadRulePacks } from '../../config/rules.ts';
import type { FieldSentence } from '../../config/field-sentences.ts';
import { policyNumber, readNotice, type CompleteNotice } from '../../config/notice-schema.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { minorUnits } from '../../domain/money/money.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import { instantOf } from '../../domain/time/time.ts';
import { summaryOf } from '../../domain/claim/view.ts';
import { untilStored } from '../../records/claims/stored-claim.ts';
import { whenUp, type Desk } from './desk.ts';
import { z } from 'zod';
import { engineDown, mistakesIn, unknownPolicySentence, type Problem } from './problem.ts';

export interface Filed {
  kind: 'filed' | 'already-filed';
  claim: ClaimNumber;
}

/**
 * Files a notice of loss. The start of its workflow is what counts, so this works while the records are down;
 * then whether the
 * policy exists is for the cover check to say. A notice that was filed before, open or closed, changes
 * nothing.
 */
export async function file(
  { claims, database, packName }: Pick<Desk, 'claims' | 'database' | 'packName'>,
  value: unknown,
): Promise<Filed | Problem> {
  const { policy: named, items } = loosely.parse(value);
  const policy =
    named === undefined ? null : await whenUp(database.policy.findUnique({ where: { number: named } }));
  const known = policy !== 'down' && policy ? policy : undefined;
  const reading = readNotice(value, {
    now: instantOf(Date.now()),
    ...(known && { currency: known.currency }),
  });
  const packs = packsFor(packName, known);
  const unknown = [
    ...(named !== undefined && policy === null ? [unknownPolicySentence] : []),
    ...(packs.length === 0 ? [noRules(known)] : unknownObjects(items, packs)),
  ];
  if (reading.kind === 'malformed')
    return mistakesIn(whole, reading.understood ? 422 : 400, [
      ...reading.mistakes,
      ...unknown.filter(({ field }) => reading.mistakes.every((each) => each.field !== field)),
    ]);

  const { notice } = reading;
  const numbers = policy === 'down' ? policy : await whenUp(numbersOnRecord(database, notice));
  if (numbers !== 'down' && numbers.own) return { kind: 'already-filed', claim: numbers.own };
  if (unknown.length > 0) return mistakesIn(whole, 422, unknown);

  const answer = await claims.file(notice, {
    ...(known && { summary: summary(notice, known, packs) }),
    ...(numbers !== 'down' && { numbers: numbers.free }),
  });
  if (answer.kind === 'unavailable') return engineDown();
  // So that whoever files finds the claim in the lists; it is filed either way.
  if (policy !== 'down' && answer.kind === 'filed') await whenUp(untilStored(database, answer.claim, 1));
  return answer;
}

const whole = 'The notice of loss';

/** What the records are asked about, although something else in the notice may be wrong. */
const loosely = z
  .object({
    policy: policyNumber.optional().catch(undefined),
    items: z.array(z.object({ object: z.string() }).optional().catch(undefined)).catch([]),
  })
  .catch({ policy: undefined, items: [] });

/** The rules of the policy's line, or of any line while the policy is not known. */
const packsFor = (packName: string, policy: Policy | undefined): RulePack[] =>
  loadRulePacks(packName).filter(
    ({ line, jurisdiction }) => !policy || (line === policy.line && jurisdiction === policy.jurisdiction),
  );

const noRules = (policy: Policy | undefined): FieldSentence => ({
  field: 'policy',
  sentence: `policy is for ${policy?.line} in ${policy?.jurisdiction}, and there are no rules for such claims here.`,
});

function unknownObjects(items: ({ object: string } | undefined)[], packs: RulePack[]): FieldSentence[] {
  const known = [...new Set(packs.flatMap(({ objects }) => Object.keys(objects)))];
  return items.flatMap((item, index) => {
    if (!item || known.includes(item.object)) return [];
    const field = `items[${index}].object`;
    return [{ field, sentence: `${field} must be one of ${known.join(', ')}.` }];
  });
}

function summary(notice: CompleteNotice, { line, branch, currency }: Policy, [pack]: RulePack[]): string {
  const items = notice.items.map(({ claimed }) => ({ claimedMinor: minorUnits(claimed, currency) ?? 0 }));
  const total = items.reduce((sum, { claimedMinor }) => sum + claimedMinor, 0);
  return summaryOf({
    line,
    branch,
    currency,
    urgency: pack && total >= pack.majorFromMinor ? 'priority' : 'normal',
    items,
  });
}
