import { z } from 'zod';
import { staffRoles } from '../../../domain/people/people.ts';

/** A member of staff as colleagues know them. */
export const staffSchema = z.object({
  code: z.string(),
  name: z.string(),
  roles: z.array(z.enum(staffRoles)),
  branch: z.string(),
  active: z.boolean(),
  waiting: z
    .int()
    .optional()
    .meta({ description: 'How many things wait for them; only where waiting=true asks for it' }),
});
export type Staff = z.infer<typeof staffSchema>;
