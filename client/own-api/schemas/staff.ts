import { z } from 'zod';
import { staffRoles } from '../../../domain/people/people.ts';

/** A member of staff. */
export const staffSchema = z.object({
  code: z.string(),
  name: z.string(),
  roles: z.array(z.enum(staffRoles)),
  branch: z.string(),
  active: z.boolean(),
  waiting: z.int().optional().meta({ description: 'Number of tasks of this person; only with waiting=true' }),
});
export type Staff = z.infer<typeof staffSchema>;
