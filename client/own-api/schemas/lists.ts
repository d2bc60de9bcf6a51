import { z } from 'zod';
import { must, mustBe, strictFields } from '../../../config/field-sentences.ts';
import { partyKinds } from '../../../domain/people/people.ts';
import { stages } from '../../../domain/road/steps.ts';

/** The orders of a list of claims, and what comes first. */
const sorts = {
  age: 'the longest waiting first',
  next: 'the next action first',
  amount: 'the largest claimed amount first',
  silence: 'the longest silence first',
} as const;
export type Sort = keyof typeof sorts;
export const sortNames = ['age', 'next', 'amount', 'silence'] as const satisfies Sort[];
export const sortsInWords = Object.values(sorts).join(', ');

/** What each filter leaves in the list; for the API's description and the command line's help. */
export const filters = {
  all: 'also closed claims; the stage closed does not need it',
  waitingOn: 'only claims that wait for this party',
  overdue: 'only claims where something is late',
  silent: 'only open claims whose claimant has had no message for longer than the rules allow',
  handler: 'only claims of this handler',
  stage: 'only claims at this stage',
} as const;

/** The most entries on one page of a long list. */
export const longestPage = 1000;
const limitRight = `a number from 1 to ${longestPage}`;

const flag = z
  .enum(['true', 'false'], { error: must('true or false') })
  .default('false')
  .transform((given) => given === 'true');
const limit = (usual: number) =>
  z.coerce
    .number({ error: must(limitRight) })
    .int(mustBe(limitRight))
    .min(1, mustBe(limitRight))
    .max(longestPage, mustBe(limitRight))
    .default(usual);
const staffCode = z
  .string({ error: must('a staff code') })
  .trim()
  .min(1, mustBe('a staff code'))
  .max(50, mustBe('a staff code'));

export const after = z
  .string()
  .max(2000)
  .optional()
  .meta({ description: 'The end of the previous page: take the address from its Link header' });

export const claimsQuery = strictFields({
  all: flag.meta({ description: filters.all }),
  waitingOn: z
    .enum(partyKinds, { error: must(`one of ${partyKinds.join(', ')}`) })
    .optional()
    .meta({ description: filters.waitingOn }),
  overdue: flag.meta({ description: filters.overdue }),
  silent: flag.meta({ description: filters.silent }),
  handler: staffCode.optional().meta({ description: filters.handler }),
  stage: z
    .enum(stages, { error: must(`one of ${stages.join(', ')}`) })
    .optional()
    .meta({ description: filters.stage }),
  sort: z
    .enum(sortNames, { error: must(`one of ${sortNames.join(', ')}`) })
    .default('age')
    .meta({ description: sortsInWords }),
  after,
  limit: limit(200),
});
/** The filters and the order of a list of claims; the API fills in what is missing. */
export type ListQuery = Partial<Omit<z.output<typeof claimsQuery>, 'after' | 'limit'>>;

export const workQuery = strictFields({
  contacts: flag.meta({
    description:
      'Adds name, telephone and language of the people to call, for roles that may read them; each is logged',
  }),
  after,
  limit: limit(longestPage),
});
export const readersQuery = strictFields({ after, limit: limit(200) });
export const problemsQuery = strictFields({ after });
