import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { must, strictFields } from '../../../config/field-sentences.ts';
import { staffRoles } from '../../../domain/people/people.ts';
import { staffOnRecord, waitingCounts } from '../../records/staff.ts';
import type { Desk } from '../desk.ts';
import { problems } from '../problem.ts';

const staffSchema = z.object({
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

/** Who works here, for everybody who does. */
export function staffRoutes(app: FastifyInstance, { database }: Desk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/staff',
    {
      schema: {
        tags: ['staff'],
        summary: 'Who works here: code, name, roles and branch',
        querystring: strictFields({
          waiting: z
            .enum(['true', 'false'], { error: must('true or false') })
            .default('false')
            .meta({ description: 'With the number of things that wait for each of them' }),
        }),
        response: { 200: z.array(staffSchema), ...problems },
      },
    },
    async ({ query }) => {
      const staff = await staffOnRecord(database);
      if (query.waiting === 'false') return staff;
      const counts = await waitingCounts(database, staff);
      return staff.map((each) => ({ ...each, waiting: counts.get(each.code) ?? 0 }));
    },
  );
}
