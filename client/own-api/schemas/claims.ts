import { z } from 'zod';
import { policyNews } from '../../../domain/claim/claim.ts';
import { stages } from '../../../domain/road/steps.ts';
import { itemSchema } from './items.ts';
import { notificationSchema, unsentSchema } from './messages.ts';
import { amount, instant } from './shapes.ts';
import { followUpSchema, waitingSchema } from './work.ts';

/** One claim in a list. */
export const listedSchema = z.object({
  claim: z.string(),
  line: z.string(),
  stage: z.string().meta({ description: `One of ${stages.join(', ')}` }),
  outcome: z.string().nullable(),
  branch: z.string(),
  branchName: z.string().optional(),
  handler: z.string(),
  handlerName: z.string().optional(),
  claimed: amount.meta({ description: 'All items together' }),
  currency: z.string(),
  stageSince: instant,
  lastContactAt: instant.meta({ description: 'When the claimant last had a message or a call' }),
  nextContactBy: instant.nullable().meta({
    description:
      'By when the claimant must have another message; ' +
      'null when the claim has closed, or its rules set no limit',
  }),
  isSilent: z.boolean().meta({ description: 'The claimant has had no message for longer than that' }),
  waitingOn: z.array(waitingSchema),
});
export type ListedClaim = z.infer<typeof listedSchema>;

const rulesSchema = z
  .object({
    line: z.string(),
    jurisdiction: z.string(),
    ladders: z.array(z.string()),
    channels: z.string(),
    pace: z.string(),
  })
  .meta({
    description: 'The parts of the rules of the claim, each as name@version',
    examples: [
      {
        line: 'motor@1',
        jurisdiction: 'CN@1',
        ladders: ['ordinary@1', 'motor@1'],
        channels: 'text-and-email@1',
        pace: 'ordinary@1',
      },
    ],
  });

/** One claim on its own page: codes, dates and amounts, nothing personal. */
export const shownSchema = listedSchema.extend({
  policy: z.string(),
  lossAt: instant,
  noticedAt: instant,
  urgency: z.string(),
  surveyor: z.string(),
  handlerAway: z
    .object({ deputy: z.string().exactOptional(), until: z.iso.date().exactOptional() })
    .exactOptional()
    .meta({ description: 'Of a major claim: its handler is away; who stands in, and the last day' }),
  surveyorName: z.string().optional(),
  rules: rulesSchema,
  cause: z.string().nullable().meta({ description: 'The cause of the loss, as the notice names it' }),
  cover: z.string().nullable(),
  policyVersion: z
    .int()
    .nullable()
    .meta({ description: 'The version of the policy that cover was checked with' }),
  policyNews: z
    .enum(policyNews)
    .nullable()
    .meta({ description: 'awaited: cover waits for the policy; changed: cover is to be checked anew' }),
  strangers: z.array(z.string()).meta({
    description: 'Who claims or is paid, and is neither among the people of the policy nor a third party',
  }),
  survey: z.object({ by: z.string(), at: instant, onScene: z.boolean() }).nullable(),
  withdrawalRequested: z.boolean(),
  problems: z.array(z.object({ id: z.string(), what: z.string(), since: instant })),
  letters: z.array(z.string()).meta({ description: 'Formal letters that a person must post' }),
  unreached: z
    .array(z.object({ party: z.string(), notification: z.string() }))
    .meta({ description: 'Mandatory notifications that no channel brings to the party: somebody must call' }),
  parties: z.array(
    z.object({
      id: z.string(),
      role: z.string(),
      reach: z.object({ sms: z.boolean(), email: z.boolean() }),
      prefers: z.string().optional(),
      erased: z.literal(true).optional().meta({ description: 'Their personal data are erased' }),
      lost: z
        .object({ sms: z.string().optional(), email: z.string().optional() })
        .meta({ description: 'Lost channels, with the code of the reason' }),
    }),
  ),
  related: z
    .array(
      z.object({
        claim: z.string(),
        why: z.array(z.string()),
        total: amount.meta({ description: 'What that claim is about, or was paid' }),
        likelyDuplicate: z.boolean(),
        finding: z.string().nullable(),
      }),
    )
    .meta({ description: 'Other claims that are counted together with this one' }),
  moreRelated: z
    .object({ claims: z.int(), total: amount })
    .nullable()
    .meta({ description: 'Further ones, of which only number and sum count: rules release nothing' }),
  followUps: z
    .array(followUpSchema)
    .meta({ description: 'Follow-ups, which operations handle beside the workflow' }),
  items: z.array(itemSchema),
  notifications: z.array(notificationSchema),
  unsent: z
    .array(unsentSchema)
    .meta({ description: 'Messages to be sent, in order, with the earliest time of each' }),
});
export type Shown = z.infer<typeof shownSchema>;

export const filedSchema = z.object({
  kind: z.enum(['filed', 'already-filed']),
  claim: z.string(),
  coverWaits: z.literal(true).optional().meta({
    description: 'The policy is not in the book, and its source does not answer: cover waits until it does',
  }),
  differs: z
    .array(z.string())
    .optional()
    .meta({
      description:
        'The fields in which the notice differs from the claim that has it; nothing was changed. ' +
        'The acts correct-claim, correct-contact and set-payee correct them.',
      examples: [['parties[0].phone', 'items[0].claimed']],
    }),
});
export type Filed = z.infer<typeof filedSchema>;
