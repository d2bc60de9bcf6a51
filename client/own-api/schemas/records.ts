import { z } from 'zod';
import { must, mustBe, strictFields } from '../../../config/field-sentences.ts';
import { claimOutcomes } from '../../../domain/claim/claim.ts';
import { unitKinds } from '../../../domain/people/units.ts';
import { amount, instant } from './shapes.ts';

export const rebuiltSchema = z.object({ kind: z.literal('rebuilt'), claims: z.int(), entries: z.int() });

/** How a member of staff, a unit or a policy was changed once; without names and addresses. */
export const changeSchema = z.object({
  at: instant.meta({ description: 'Since when it counts, or will count' }),
  isToCome: z.literal(true).exactOptional().meta({
    description: 'It is planned: `after` has the fields that will change, and there is no `before`',
  }),
  by: z.string().exactOptional().meta({
    description: 'The member of staff who asked for it; absent for the owner of the tables',
  }),
  plannedAt: instant.exactOptional().meta({
    description: 'When it was asked for, where it counts from a later moment',
  }),
  fault: z.string().exactOptional().meta({
    description: 'Why a planned change could not be taken when its moment came',
  }),
  role: z.string().meta({ description: 'The role of the database that made the change' }),
  before: z.record(z.string(), z.unknown()).nullable().meta({ description: 'Null where there was none' }),
  after: z.record(z.string(), z.unknown()).nullable().meta({ description: 'Null where it was deleted' }),
});
export type Change = z.infer<typeof changeSchema>;

const pastAuthority = z
  .object({
    roles: z.array(z.string()),
    branch: z.string(),
    limits: z.record(z.string(), z.record(z.string(), z.number())),
    conflicts: z.array(z.string()),
    active: z.boolean(),
    deputies: z.array(z.string()),
    absences: z.array(
      z.object({ from: z.string(), until: z.string().exactOptional(), deputy: z.string().exactOptional() }),
    ),
    leavesOn: z.string().exactOptional(),
    timeZone: z.string(),
  })
  .nullable();

const pastUnit = z
  .object({
    code: z.string(),
    name: z.string(),
    kind: z.enum(unitKinds),
    above: z.string().exactOptional(),
  })
  .nullable();

const historyFaults = z.array(
  z.object({
    kind: z.enum(['person', 'unit', 'policy']),
    of: z.string(),
    what: z.enum(['gap', 'differs']).meta({
      description: 'A change that does not follow the one before, or a row that no change made',
    }),
  }),
);

export type HistoryFault = z.infer<typeof historyFaults>[number];

/** What everybody was allowed and when, for a check of what they signed. */
export const authoritySchema = z.object({
  changes: z.array(
    z.object({
      code: z.string(),
      at: instant,
      role: z.string(),
      before: pastAuthority,
      after: pastAuthority,
    }),
  ),
  units: z.array(
    z.object({ code: z.string(), at: instant, role: z.string(), before: pastUnit, after: pastUnit }),
  ),
  faults: historyFaults.meta({ description: 'People and units who were changed past their history' }),
});

/** A page of policies that were compared with their history. */
export const comparedPoliciesSchema = z.object({
  last: z.string().nullable().meta({ description: 'Where the next page begins; null: there is none' }),
  versions: z.int().meta({ description: 'How many versions were compared' }),
  faults: historyFaults.meta({ description: 'Policies that were changed past their history' }),
});

const mostSampled = 1000;
const countRight = `a whole number from 1 to ${mostSampled}`;
const seedRight = 'a text of 1 to 100 characters without spaces';
const timeRight = 'a time in UTC such as 2026-11-23T08:00:00.000Z';
const time = z.iso.datetime({ error: mustBe(timeRight) }).optional();
const name = z.string().trim().min(1).max(100).optional();

/** Which claims a sample is drawn from, and how many. */
export const sampleBody = strictFields({
  count: z
    .int({ error: must(countRight) })
    .min(1, mustBe(countRight))
    .max(mostSampled, mustBe(countRight)),
  seed: z
    .string({ error: mustBe(seedRight) })
    .regex(/^[\x21-\x7e]{1,100}$/, mustBe(seedRight))
    .optional()
    .meta({ description: 'The same seed draws the same claims; without it one is made at random' }),
  closedFrom: time.meta({ description: 'Claims that closed at this time or later' }),
  closedTo: time.meta({ description: 'Claims that closed before this time; usually now' }),
  line: name,
  branch: name,
  outcome: z.enum(claimOutcomes, { error: mustBe(`one of ${claimOutcomes.join(', ')}`) }).optional(),
});
export type SampleQuery = z.input<typeof sampleBody>;

const sampledClaim = z.object({
  claim: z.string(),
  line: z.string(),
  branch: z.string(),
  outcome: z.string(),
  closedAt: instant,
  currency: z.string(),
  claimed: amount,
  paid: amount,
});
export type SampledClaim = z.infer<typeof sampledClaim>;

/** What a sample was drawn from and by: all that is needed to draw it again. */
const drawing = z.object({
  seed: z.string(),
  seedFrom: z.enum(['given', 'random']).meta({ description: 'Whether the person chose the seed' }),
  of: z.object({
    closedFrom: instant.optional(),
    closedTo: instant,
    line: z.string().optional(),
    branch: z.string().optional(),
    outcome: z.string().optional(),
  }),
  population: z.int().meta({ description: 'The number of claims that it is drawn from' }),
  populationHash: z.string().meta({ description: 'The SHA-256 of their numbers in order, one a line' }),
});

export const sampleSchema = drawing.extend({
  drawnBefore: z.int().meta({ description: 'How many samples this person has drawn before' }),
  claims: z.array(sampledClaim),
});
export type DrawnSample = z.infer<typeof sampleSchema>;

/** A sample as its signed line keeps it. */
export const keptSampleSchema = drawing.extend({
  count: z.int().meta({ description: 'How many claims were asked for' }),
  claims: z.array(z.string()),
  at: instant,
  by: z.string(),
});
export type KeptSample = z.infer<typeof keptSampleSchema>;

/** Which parts of Lipei can be reached. */
export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  parts: z.array(
    z.object({
      name: z.string(),
      ok: z.boolean(),
      detail: z
        .string()
        .optional()
        .meta({ description: 'What is wrong; or, of a part that works, what operations must do soon' }),
      waiting: z.int().optional().meta({ description: 'Number of tasks of claims that wait for a worker' }),
    }),
  ),
});
export type HealthPart = z.infer<typeof healthSchema>['parts'][number];
