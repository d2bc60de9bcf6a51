import { z } from 'zod';
import { must, strictFields } from '../../../config/field-sentences.ts';
import { staffRoles } from '../../../domain/people/people.ts';
import { unitKinds } from '../../../domain/people/units.ts';
import { amount, instant } from './shapes.ts';

const day = z.iso.date();

/** A member of staff. */
export const staffSchema = z.object({
  code: z.string(),
  name: z.string(),
  roles: z.array(z.enum(staffRoles)),
  branch: z.string().meta({ description: 'The unit that they work in' }),
  branchName: z.string().optional(),
  active: z.boolean(),
  languages: z.array(z.string()).meta({ description: 'That they speak with customers' }),
  deputies: z.array(z.string()),
  absent: z
    .object({ until: day.nullable() })
    .optional()
    .meta({ description: 'Absent today; the last day of the absence, or null' }),
  leavesOn: day.optional().meta({ description: 'Their last day' }),
  waiting: z.int().optional().meta({ description: 'Number of tasks of this person; only with waiting=true' }),
});
export type Staff = z.infer<typeof staffSchema>;

const unitCode = z.string({ error: must('the code of a unit') }).max(50);
const flag = z
  .enum(['true', 'false'], { error: must('true or false') })
  .default('false')
  .transform((given) => given === 'true');

export const staffFilters = {
  unit: 'only who works in this unit, or in one beneath it',
  role: 'only who has this role',
  absent: 'only who is absent today',
} as const;

export const staffQuery = strictFields({
  waiting: flag.meta({ description: 'Adds the number of tasks of each person' }),
  unit: unitCode.optional().meta({ description: staffFilters.unit }),
  role: z
    .enum(staffRoles, { error: must(`one of ${staffRoles.join(', ')}`) })
    .optional()
    .meta({ description: staffFilters.role }),
  absent: flag.meta({ description: staffFilters.absent }),
});
export type StaffQuery = Partial<z.output<typeof staffQuery>>;

export const loadQuery = strictFields({
  unit: unitCode.optional().meta({ description: 'Only this unit and those beneath it' }),
});

/** The open claims that name a person. */
const caseload = z.array(
  z.object({
    role: z.enum(['handler', 'surveyor']),
    stage: z.string(),
    open: z.int(),
    unseen: z.int().meta({ description: 'That nobody has looked at for longer than the rules say' }),
  }),
);

/** Everything that colleagues may know of one person. */
export const shownStaffSchema = staffSchema.omit({ waiting: true }).extend({
  email: z.string(),
  phone: z.string().optional().meta({ description: 'Direct line, for customers with a major case' }),
  locale: z.string(),
  timeZone: z.string(),
  limits: z
    .record(z.string(), z.record(z.string(), amount))
    .meta({ description: 'By line of business and currency' }),
  absences: z.array(z.object({ from: day, until: day.optional(), deputy: z.string().optional() })),
  deputy: z.string().optional().meta({ description: 'Who takes their work today' }),
  standsInFor: z.array(z.string()).meta({ description: 'Whose deputy they are today' }),
  names: z.record(z.string(), z.string()).meta({ description: 'Of all codes in this answer' }),
  caseload,
  tasks: z.int(),
  oldestSince: instant.optional().meta({ description: 'Since when the oldest task waits' }),
});
export type ShownStaff = z.infer<typeof shownStaffSchema>;

export const unitSchema = z.object({
  code: z.string(),
  name: z.string(),
  kind: z.enum(unitKinds),
  above: z.string().optional(),
  people: z.int().meta({ description: 'Who work in it now, without those beneath' }),
});
export type ListedUnit = z.infer<typeof unitSchema>;

const load = z.object({
  tasks: z.int(),
  oldestSince: instant.optional(),
  unseen: z.int(),
});

/** What waits, by person and by unit. */
export const loadSchema = z.object({
  people: z.array(
    load.extend({
      code: z.string(),
      name: z.string(),
      branch: z.string(),
      handling: z.int().meta({ description: 'Open claims as handler' }),
      surveying: z.int().meta({ description: 'Open claims as surveyor' }),
    }),
  ),
  units: z
    .array(
      load.extend({
        code: z.string(),
        name: z.string(),
        kind: z.enum(unitKinds),
        above: z.string().optional(),
        claims: z.int(),
        late: z.int().meta({ description: 'Tasks that are late' }),
      }),
    )
    .meta({ description: 'Each with all beneath it; a task that several people share is one' }),
});
export type Load = z.infer<typeof loadSchema>;
