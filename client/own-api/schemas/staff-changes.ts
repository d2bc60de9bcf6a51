import { z } from 'zod';

const absence = z.object({
  from: z.string().meta({ description: 'The first day' }),
  until: z.string().exactOptional().meta({ description: 'The last day; absent while nobody knows it' }),
  deputy: z.string().exactOptional(),
});

/** What a change of absences, deputies or leaving did, or would do. */
export const attendanceSchema = z.object({
  kind: z.literal('changed'),
  code: z.string(),
  dryRun: z.boolean(),
  absences: z.array(absence),
  deputies: z.array(z.string()),
  leavesOn: z.string().exactOptional().meta({ description: 'The last day' }),
  joined: z
    .array(absence)
    .meta({ description: 'Earlier absences on the same days: they became one with the new one' }),
  away: z
    .object({ from: z.string(), deputy: z.string().exactOptional() })
    .exactOptional()
    .meta({
      description:
        'The first day on which they are not there, and who has the work then; without a deputy the branch ' +
        'shares it',
    }),
  claims: z.int().meta({ description: 'Open claims with the person as handler or surveyor' }),
  tasks: z.int().meta({ description: 'Tasks that wait for the person now' }),
  warnings: z.array(z.string()),
});
export type Attendance = z.infer<typeof attendanceSchema>;
