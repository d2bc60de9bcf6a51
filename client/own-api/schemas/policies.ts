import { z } from 'zod';
import { must, mustBe, strictFields } from '../../../config/field-sentences.ts';
import { policyNumber } from '../../../config/notice/schema.ts';
import { identity } from '../../../config/notice/texts.ts';
import { partyRoles } from '../../../domain/people/people.ts';
import { after } from './lists.ts';
import { amount, instant } from './shapes.ts';

/** By what policies are found, and how each is described; a policy must fit all that are given. */
export const policyKeys = {
  number: 'number of the policy',
  plate: 'number plate or VIN of an insured vehicle, as people type it',
  phone: 'telephone of somebody who belongs to the policy',
  email: 'mailbox of somebody who belongs to it',
  identity: 'identity number of somebody who belongs to it',
  name: 'whole name of somebody who belongs to it',
} as const;
export type PolicyKey = keyof typeof policyKeys;

const key = (right: string) =>
  identity(`the ${right}, of up to 100 characters`, 100).optional().meta({ description: right });
const momentRight = 'a time with its zone, such as 2026-11-23T16:00:00+08:00';

/** The moment that the answer is about. */
export const momentAsked = z.iso
  .datetime({ offset: true, error: must(momentRight) })
  .transform((at) => new Date(at).toISOString())
  .optional()
  .meta({ description: 'As the policies were in force at this moment; the default is now' });

export const longestPolicyPage = 100;
const limitRight = `a number from 1 to ${longestPolicyPage}`;

/** What policies are looked for by. In a body, because addresses are written into the logs of proxies. */
export const policiesBody = strictFields({
  number: policyNumber.optional().meta({ description: policyKeys.number }),
  plate: key(policyKeys.plate),
  phone: key(policyKeys.phone),
  email: key(policyKeys.email),
  identity: key(policyKeys.identity),
  name: key(policyKeys.name),
  at: momentAsked,
});
export type PoliciesAsked = z.input<typeof policiesBody>;

/** A page of what was found. */
export const policiesPage = {
  after,
  limit: z.coerce
    .number({ error: must(limitRight) })
    .int(mustBe(limitRight))
    .min(1, mustBe(limitRight))
    .max(longestPolicyPage, mustBe(limitRight))
    .default(20),
};

const objectCode = z
  .string()
  .meta({ description: 'insured-vehicle; the second of a kind insured-vehicle:2' });

/** A policy that was found: enough to know whether it is the one. */
export const foundPolicySchema = z.object({
  policy: z.string(),
  line: z.string(),
  jurisdiction: z.string(),
  branch: z.string(),
  branchName: z.string().optional(),
  from: instant,
  to: instant.meta({ description: 'The first moment that does not count' }),
  isInForce: z.boolean().meta({ description: 'At the moment that was asked for' }),
  holders: z.array(z.string()).meta({ description: 'The names of the policyholders' }),
  objects: z.array(
    z.object({
      object: objectCode,
      plate: z.string().optional(),
      model: z.string().optional(),
      address: z.string().optional(),
    }),
  ),
});
export type FoundPolicy = z.infer<typeof foundPolicySchema>;

const amounts = z.record(z.string(), amount);

/** A policy as it was in force at a moment, with its claims and its versions. */
export const policySchema = foundPolicySchema.omit({ holders: true, objects: true }).extend({
  version: z.int(),
  endorsement: z.string(),
  currency: z.string(),
  wording: z.string().optional().meta({ description: 'The wording that its clauses are in' }),
  people: z.array(
    z.object({
      role: z.enum(partyRoles),
      name: z.string().optional(),
      phone: z.string().optional(),
      email: z.string().optional(),
      address: z.string().optional(),
      identity: z.string().optional().meta({ description: 'The last four signs of the identity number' }),
      hasAccount: z.boolean(),
    }),
  ),
  objects: z.array(
    z.object({
      object: objectCode,
      sumInsured: amount,
      excess: amount,
      sharePercent: z.number().optional().meta({ description: 'Absent: all of the loss above the excess' }),
      causes: z.array(z.string()).optional().meta({ description: 'Absent: all causes of the line' }),
      plate: z.string().optional(),
      vin: z.string().optional(),
      model: z.string().optional(),
      address: z.string().optional(),
      description: z.string().optional(),
      paid: amount.meta({ description: 'What all claims together were paid for this object' }),
      left: amount
        .optional()
        .meta({ description: 'What is left of the sum; only where it is for all losses together' }),
    }),
  ),
  special: z.array(
    z.object({
      number: z.string(),
      words: z.string().optional(),
      excludes: z
        .object({ object: z.string().optional(), causes: z.array(z.string()).optional() })
        .optional(),
    }),
  ),
  claims: z.array(
    z.object({
      claim: z.string(),
      stage: z.string(),
      outcome: z.string().nullable(),
      handler: z.string(),
      handlerName: z.string().optional(),
      lossAt: instant,
      paid: amounts.meta({ description: 'By object' }),
    }),
  ),
  moreClaims: z.boolean().meta({ description: 'There are older claims than these' }),
  versions: z.array(
    z.object({
      version: z.int(),
      endorsement: z.string(),
      from: instant,
      to: instant,
      recordedAt: instant,
      replacedAt: instant.optional().meta({ description: 'When a correction took its place' }),
    }),
  ),
});
export type ShownPolicy = z.infer<typeof policySchema>;
