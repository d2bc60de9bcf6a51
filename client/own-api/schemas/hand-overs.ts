import { z } from 'zod';
import { must, mustBe, strictFields } from '../../../config/field-sentences.ts';
import { partyKinds } from '../../../domain/people/people.ts';
import { stages } from '../../../domain/road/steps.ts';

/** What leaves some of a person's claims; for the API's description and the command line's help. */
export const heldFilters = {
  line: 'only claims of this line of business',
  stage: 'only claims at this stage',
  urgency: 'only claims of this urgency',
  branch: 'only claims of this branch',
  waitingOn: 'only claims that wait for this party',
  overdue: 'only claims where something is late',
} as const;

const text = (right: string) =>
  z
    .string({ error: must(right) })
    .trim()
    .min(1, mustBe(right))
    .max(50, mustBe(right));
const staffCode = text('a staff code');
const named = (what: string) => text(what).optional();

export const handOverRoles = ['handler', 'surveyor'] as const;
export const waysToTake = ['deputy', 'spread'] as const;

/** Many claims of one person, and who takes them over. */
export const handOversBody = strictFields({
  from: staffCode.meta({ description: 'Whose claims are handed over; nobody: those without anybody' }),
  role: z.enum(handOverRoles, { error: must('handler or surveyor') }).default('handler'),
  to: staffCode.optional().meta({ description: 'Who takes them over; else `taking`' }),
  taking: z
    .enum(waysToTake, { error: must('deputy or spread') })
    .optional()
    .meta({
      description:
        "deputy: the person's deputy; spread: those with the fewest open claims in each claim's branch, " +
        'or in the units near it',
    }),
  filter: strictFields({
    line: named('a line of business'),
    stage: z.enum(stages, { error: must(`one of ${stages.join(', ')}`) }).optional(),
    urgency: named('an urgency'),
    branch: named('the code of a branch'),
    waitingOn: z.enum(partyKinds, { error: must(`one of ${partyKinds.join(', ')}`) }).optional(),
    overdue: z.boolean({ error: must('true or false') }).optional(),
  }).default({}),
  dryRun: z
    .boolean({ error: must('true or false') })
    .default(false)
    .meta({ description: 'Only plans: all claims, and what would stop each' }),
  plan: z
    .string()
    .regex(/^[\x21-\x7e]{1,40}$/, mustBe('1 to 40 visible characters'))
    .optional()
    .meta({ description: 'An id of your own: with the same one, an act that is sent again counts once' }),
  after: z.string().max(20).optional().meta({ description: 'The last claim of the answer before' }),
});
export type HandOvers = z.input<typeof handOversBody>;

/** What became of each claim, or would. */
export const handedOverSchema = z.object({
  claims: z.array(
    z.object({
      claim: z.string(),
      to: z.string().optional(),
      toName: z.string().optional(),
      outcome: z.enum(['planned', 'handed-over', 'denied']),
      reason: z.string().optional(),
      sentence: z.string().optional().meta({ description: 'Why it is denied' }),
    }),
  ),
  notes: z.array(z.string()).meta({ description: 'Who takes something over and is absent, or leaves' }),
  next: z.string().optional().meta({ description: 'There are more: send it again with this as `after`' }),
});
export type HandedOver = z.infer<typeof handedOverSchema>;
export type HandedClaim = HandedOver['claims'][number];
