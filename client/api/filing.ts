import type { Policy } from '../../prisma/generated/client.ts';
import { numbersOnRecord } from '../../records/claims/claim-numbers.ts';
import { houseRules } from '../../config/rules/load.ts';
import { noticeSchema, readNotice, type CompleteNotice } from '../../config/notice-schema.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { minorUnits } from '../../domain/money/money.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import { instantOf } from '../../domain/time/time.ts';
import { summaryOf } from '../../domain/claim/view.ts';
import { untilStored } from '../../records/claims/stored-claim.ts';
import { whenUp, type Desk } from './desk.ts';
import { engineDown, problem, unknownPolicy, type Problem } from './problem.ts';

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
  { claims, database, pace }: Pick<Desk, 'claims' | 'database' | 'pace'>,
  value: unknown,
): Promise<Filed | Problem> {
  const shape = noticeSchema.safeParse(value);
  const policy = shape.success
    ? await whenUp(database.policy.findUnique({ where: { number: shape.data.policy } }))
    : null;
  const known = policy !== 'down' && policy ? policy : undefined;
  const reading = readNotice(value, {
    now: instantOf(Date.now()),
    ...(known && { currency: known.currency }),
  });
  if (reading.kind === 'malformed')
    return problem(reading.understood ? 422 : 400, reading.sentence, { field: reading.field });

  const { notice } = reading;
  const numbers = policy === 'down' ? policy : await whenUp(numbersOnRecord(database, notice));
  if (numbers !== 'down' && numbers.own) return { kind: 'already-filed', claim: numbers.own };
  if (policy === null) return unknownPolicy();
  const pack = packFor(pace, known);
  const mistake = pack.kind === 'problem' ? pack : unknownObject(notice, pack.packs);
  if (mistake) return mistake;

  const answer = await claims.file(notice, {
    ...(known && pack.kind === 'found' && { summary: summary(notice, known, pack.packs) }),
    ...(numbers !== 'down' && { numbers: numbers.free }),
  });
  if (answer.kind === 'unavailable') return engineDown();
  // So that whoever files finds the claim in the lists; it is filed either way.
  if (policy !== 'down' && answer.kind === 'filed') await whenUp(untilStored(database, answer.claim, 1));
  return answer;
}

type Packs = { kind: 'found'; packs: RulePack[] } | Problem;

/** The rules of the policy's line, or of any line while the policy is not known. */
function packFor(pace: string, policy: Policy | undefined): Packs {
  const packs = houseRules
    .inForce(pace)
    .filter(
      ({ line, jurisdiction }) => !policy || (line === policy.line && jurisdiction === policy.jurisdiction),
    );
  return packs.length > 0
    ? { kind: 'found', packs }
    : problem(
        422,
        `policy is for ${policy?.line} in ${policy?.jurisdiction}, and there are no rules for such claims here.`,
        { field: 'policy' },
      );
}

function unknownObject({ items }: CompleteNotice, packs: RulePack[]): Problem | undefined {
  const known = [...new Set(packs.flatMap(({ objects }) => Object.keys(objects)))];
  const index = items.findIndex(({ object }) => !known.includes(object));
  return index < 0
    ? undefined
    : problem(422, `items[${index}].object must be one of ${known.join(', ')}.`, {
        field: `items[${index}].object`,
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
