import { z } from 'zod';
import { must, mustBe, strictFields } from '../../config/field-sentences.ts';
import { messageStates } from '../../domain/messages/ledger.ts';
import { stages } from '../../domain/road/road.ts';

/** What goes out: only fields that are declared here leave the API. */

const instant = z.string().meta({ format: 'date-time', examples: ['2026-11-23T08:00:00.000Z'] });
const amount = z
  .string()
  .meta({ description: "Decimal notation in the claim's currency", examples: ['4800.00'] });

export const waitingSchema = z.object({
  from: z.string().meta({ description: 'Who owes it' }),
  what: z.string().meta({ description: 'The document or the step' }),
  item: z.string().optional(),
  since: instant,
  due: instant.meta({ description: 'When it becomes late' }),
  promised: instant.optional().meta({ description: 'They gave a date: no chasing before it has passed' }),
  next: z
    .object({ do: z.string(), at: instant })
    .meta({ description: 'What Lipei does next about it, and when' }),
});

export const listedSchema = z.object({
  claim: z.string(),
  line: z.string(),
  stage: z.string().meta({ description: `One of ${stages.join(', ')}` }),
  outcome: z.string().nullable(),
  handler: z.string(),
  claimed: amount.meta({ description: 'All items together' }),
  currency: z.string(),
  stageSince: instant,
  toldAt: instant.nullable().meta({ description: 'When the claimant last heard of us' }),
  hearBy: instant.nullable().meta({
    description:
      'By when they are to hear something again; null when the claim has closed, or its rules allow any silence',
  }),
  isSilent: z.boolean().meta({ description: 'They have heard nothing for longer than that' }),
  waitingOn: z.array(waitingSchema),
});

export const taskSchema = waitingSchema.extend({
  claim: z.string(),
  id: z
    .string()
    .meta({ description: 'What is waited for, such as call:party-1 or post:formal-notice-1-letter' }),
  followUp: z
    .string()
    .optional()
    .meta({ description: 'Of a closed claim: by which it is said how it was seen to' }),
});

export const notificationSchema = z.object({
  id: z.string(),
  kind: z.string(),
  channel: z.string(),
  to: z.string().meta({ description: "A party's id, a staff code or a role" }),
  state: z.string().meta({ description: `One of ${messageStates.join(', ')}` }),
  at: instant,
  errorCode: z.string().optional(),
  notBefore: instant.optional().meta({ description: 'Where it has not gone out yet: not before this' }),
});

export const spokenSchema = notificationSchema.extend({
  subject: z.string().optional(),
  text: z.string(),
  html: z.string().optional().meta({ description: 'Of emails, the part that is looked at' }),
});

const itemSchema = z.object({
  id: z.string(),
  object: z.string(),
  party: z.string(),
  stage: z.string(),
  claimed: amount,
  documents: z.array(
    z.object({
      kind: z.string(),
      state: z.string().meta({ description: 'owed, received, accepted, rejected or waived' }),
      by: z.string().optional().meta({ description: 'The substitute that it rests on' }),
    }),
  ),
  assessment: z
    .object({
      version: z.int(),
      amount,
      by: z.string(),
      cuts: z.array(z.object({ reason: z.string(), amount })).optional(),
    })
    .optional(),
  clock: z
    .object({
      state: z.enum(['running', 'paused', 'stopped']),
      due: instant,
      article: z.string().optional(),
      pausedSince: instant.optional(),
      reached: z.enum(['warning', 'due']).optional(),
    })
    .optional()
    .meta({
      description:
        'The time that the law sets for the decision; paused while papers that were asked for are awaited',
    }),
  verified: z.object({ version: z.int(), by: z.string() }).optional(),
  payable: amount.nullable(),
  of: z
    .string()
    .optional()
    .meta({ description: 'Stands for exactly this amount, payee and evidence: what an approval must name' }),
  risk: z.object({ points: z.int(), factors: z.array(z.string()) }).optional(),
  approvals: z.array(z.object({ by: z.string(), at: instant })),
  approvalsNeeded: z.int(),
  refusal: z
    .object({
      clause: z.string(),
      reasons: z.array(z.string()),
      by: z.string(),
      confirmedBy: z.string().optional(),
    })
    .optional(),
  payee: z.object({ party: z.string(), changed: z.boolean() }).nullable(),
  payment: z
    .object({
      id: z.string(),
      state: z.string(),
      amount,
      reason: z.string().optional().meta({ description: 'Why the bank returned it' }),
    })
    .nullable(),
  returned: z.int().meta({ description: 'How often it was sent back for rework' }),
  outcome: z
    .object({
      kind: z.string(),
      amount: amount.optional(),
      reference: z.string().optional(),
      clause: z.string().optional(),
      reasons: z.array(z.string()).optional(),
      by: z.string().optional(),
    })
    .nullable(),
});

export const shownSchema = listedSchema.extend({
  policy: z.string(),
  lossAt: instant,
  noticedAt: instant,
  urgency: z.string(),
  branch: z.string(),
  surveyor: z.string(),
  pack: z.string().meta({ description: 'The rules that it runs under', examples: ['ordinary@1'] }),
  cover: z.string().nullable(),
  survey: z.object({ by: z.string(), at: instant, onScene: z.boolean() }).nullable(),
  withdrawalRequested: z.boolean(),
  problems: z.array(z.object({ id: z.string(), what: z.string(), since: instant })),
  undelivered: z.array(z.object({ id: z.string(), kind: z.string(), code: z.string() })),
  letters: z.array(z.string()).meta({ description: 'Formal letters that wait for somebody to post them' }),
  unreached: z
    .array(z.object({ party: z.string(), notification: z.string() }))
    .meta({ description: 'What a party must hear and no channel brings: somebody calls' }),
  parties: z.array(
    z.object({
      id: z.string(),
      role: z.string(),
      reach: z.object({ sms: z.boolean(), email: z.boolean() }),
      prefers: z.string().optional(),
      lost: z
        .object({ sms: z.string().optional(), email: z.string().optional() })
        .meta({ description: 'Ways that were lost, and why' }),
    }),
  ),
  followUps: z
    .array(z.object({ id: z.string(), what: z.string(), since: instant }))
    .meta({ description: 'What operations must see to although the claim has closed' }),
  items: z.array(itemSchema),
  notifications: z.array(notificationSchema),
  unsent: z
    .array(
      z.object({
        id: z.string(),
        kind: z.string(),
        channel: z.string(),
        to: z.string(),
        notBefore: instant.optional(),
      }),
    )
    .meta({ description: 'What is still to be sent, in order, and before which moment it does not go' }),
});

export const filedSchema = z.object({ kind: z.enum(['filed', 'already-filed']), claim: z.string() });

export const recordedSchema = z.object({
  kind: z.literal('recorded'),
  seq: z.int().meta({ description: "The journal's last entry" }),
});

/** What comes in by the address. */
export const claimParams = z.object({
  no: z
    .string()
    .max(50)
    .toUpperCase()
    .meta({ description: 'A claim number', examples: ['L7K3M-9Q2X4'] }),
});

/** A name in an address: of a party, an item, a notification. */
export const nameParam = z
  .string()
  .regex(/^[\x21-\x7e]{1,100}$/, mustBe('a name as the claim shows it, such as party-1'));

/** Words that a workflow, a hash and a database can all hold. */
export const text = (right: string, max = 500) =>
  z
    .string({ error: must(right) })
    .trim()
    .min(1, mustBe(right))
    .max(max, mustBe(right))
    .refine((given) => given.isWellFormed() && !given.includes('\0'), { error: mustBe(right) });

export const fields = strictFields;
