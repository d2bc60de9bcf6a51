import { z } from 'zod';
import { must, strictFields } from '../../../config/field-sentences.ts';
import { claimedAmount, claimedMinor } from '../../../config/notice/claimed-amount.ts';
import { itemOf } from '../../../domain/claim/claim.ts';
import { problem, type ApiProblem } from '../problem.ts';
import { code } from '../schemas.ts';
import type { Content } from './body.ts';
import type { Errand } from './door.ts';

export const assessedAmount = claimedAmount.meta({
  description: 'In the claim\'s currency, such as 4800 or "4800.00"',
});

const oneWithoutAmount = 'may leave out the amount of one cut only: that one is the rest of the difference';

/** The reasons for assessing less than is claimed, with the amount of each. */
export const cuts = z
  .array(
    strictFields({
      reason: code('a reason code, such as depreciation'),
      amount: assessedAmount.optional(),
    }),
    { error: must('a list of cuts, each with a reason and an amount') },
  )
  .max(20, 'must be a list of at most 20 cuts')
  .refine((given) => given.filter(({ amount }) => amount === undefined).length <= 1, oneWithoutAmount);

interface Assessed {
  item: string;
  amount: string | number;
  cuts?: { reason: string; amount?: string | number | undefined }[] | undefined;
}

/** A cut without an amount takes the rest of the difference. */
export function assessment(
  { item, amount, cuts: given }: Assessed,
  { found: { claim } }: Pick<Errand, 'found'>,
): Content | ApiProblem {
  const minor = (written: string | number, field: string) => claimedMinor(written, claim.currency, field);
  const assessed = minor(amount, 'amount');
  if (assessed.kind !== 'read') return problem(422, assessed.sentence, { field: 'amount' });
  if (!given) return { item, amountMinor: assessed.minor };
  const read = given.map(({ reason, amount: part }, index) => ({
    reason,
    part: part === undefined ? undefined : minor(part, `cuts.${index}.amount`),
  }));
  const wrong = read.map(({ part }) => part).find((part) => part?.kind === 'malformed');
  if (wrong?.kind === 'malformed') return problem(422, wrong.sentence, { field: wrong.field });
  const parts = read.map(({ reason, part }) => ({
    reason,
    minor: part?.kind === 'read' ? part.minor : undefined,
  }));
  const rest =
    (itemOf(claim, item)?.claimedMinor ?? 0) -
    assessed.minor -
    parts.reduce((sum, part) => sum + (part.minor ?? 0), 0);
  return {
    item,
    amountMinor: assessed.minor,
    cuts: parts.map((part) => ({ reason: part.reason, minor: part.minor ?? Math.max(0, rest) })),
  };
}
