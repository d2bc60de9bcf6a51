import { z } from 'zod';
import { sampleRows } from '../config/sample-rows.ts';
import { minorUnits } from '../domain/money/money.ts';
import { staffRoles } from '../domain/people/people.ts';
import { unitKinds } from '../domain/people/units.ts';

const amounts = z
  .record(z.string(), z.record(z.string(), z.string()))
  .transform((lines) =>
    Object.fromEntries(
      Object.entries(lines).map(([line, limits]) => [
        line,
        Object.fromEntries(
          Object.entries(limits).map(([currency, amount]) => [currency, minorUnits(amount, currency) ?? 0]),
        ),
      ]),
    ),
  );

const unit = z.object({ unit: z.string(), name: z.string(), kind: z.enum(unitKinds) });
const person = z.object({
  code: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(z.enum(staffRoles)),
  unit: z.string(),
  /** In minor units. */
  limits: amounts.default({}),
  absences: z.array(z.object({ from: z.string(), until: z.string().optional() })).default([]),
  leavesOn: z.string().optional(),
  deputies: z.array(z.string()).default([]),
  timeZone: z.string().default('Asia/Shanghai'),
});
const policy = z.object({
  number: z.string(),
  line: z.string(),
  jurisdiction: z.string(),
  branch: z.string(),
  currency: z.string(),
  from: z.string(),
  to: z.string(),
  people: z.array(
    z.object({
      role: z.string(),
      name: z.string(),
      phone: z.string().optional(),
      email: z.string().optional(),
    }),
  ),
  objects: z.array(
    z.object({
      object: z.string(),
      plate: z.string().optional(),
      sumInsured: z.string(),
      causes: z.array(z.string()).optional(),
    }),
  ),
});

export type SamplePerson = z.output<typeof person>;
export type SamplePolicy = z.output<typeof policy>;

/** The people of the sample company, as far as the local stack, its demo and its tests need them. */
export const samplePeople = (): SamplePerson[] =>
  z
    .array(z.union([unit, person]))
    .parse(sampleRows('staff'))
    .flatMap((row) => ('code' in row ? row : []));

/** The rows of the sample policies: one for each time between two endorsements. */
export const samplePolicies = (file: 'policies' | 'policy-source' = 'policies'): SamplePolicy[] =>
  z.array(policy).parse(sampleRows(file));
