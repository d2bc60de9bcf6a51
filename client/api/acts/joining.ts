import { z } from 'zod';
import { acts } from '../../../domain/claim/acts.ts';
import { whenUp } from '../context.ts';
import { problem, recordsDown, type ApiProblem } from '../problem.ts';
import { bodyOf, contentOf } from './body.ts';
import { door, type Errand } from './door.ts';
import { withKeptWords } from './words.ts';

const { fields } = acts['join-claims'];
const named = z.object({ other: z.string() });

/** The other claim must be one that can be counted together with this one: only the records know it. */
export const joining = door(bodyOf(fields), async (given, errand) => {
  const mistake = await otherMistake(named.parse(given).other, errand);
  return mistake ?? withKeptWords(fields, contentOf(fields, given), errand);
});

async function otherMistake(
  other: string,
  { context: { database }, found: { claim } }: Errand,
): Promise<ApiProblem | undefined> {
  const known = await whenUp(
    database.claim.findUnique({ where: { number: other }, select: { currency: true } }),
  );
  if (known === 'down') return recordsDown();
  if (!known)
    return problem(422, 'other must be the number of a claim in the records; this one is not there.', {
      field: 'other',
    });
  return known.currency === claim.currency
    ? undefined
    : problem(
        422,
        `other is in ${known.currency} and this claim in ${claim.currency}: they are not compared.`,
        {
          field: 'other',
        },
      );
}
