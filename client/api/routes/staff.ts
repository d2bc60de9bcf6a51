import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { staffQuery } from '../../own-api/schemas/lists.ts';
import { staffSchema } from '../../own-api/schemas/staff.ts';
import { staffOnRecord, waitingCounts } from '../../../records/staff/staff-list.ts';
import { instantOf } from '../../../domain/time/time.ts';
import type { ApiContext } from '../context.ts';
import { problems } from '../problem.ts';

/** The list of staff, readable by every member of staff. */
export function staffRoutes(app: FastifyInstance, { database }: ApiContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/staff',
    {
      schema: {
        tags: ['staff'],
        summary: 'The staff: code, name, roles and branch',
        querystring: staffQuery,
        response: { 200: z.array(staffSchema), ...problems },
      },
    },
    async ({ query }) => {
      const staff = await staffOnRecord(database);
      if (!query.waiting) return staff;
      const counts = await waitingCounts(database, instantOf(Date.now()));
      return staff.map((each) => ({ ...each, waiting: counts.get(each.code) ?? 0 }));
    },
  );
}
