import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { present } from '../../../domain/present.ts';
import { textOfCursor } from '../../../records/claims/cursor.ts';
import { workOf } from '../../../records/claims/work.ts';
import { workQuery } from '../../own-api/schemas/lists.ts';
import { taskSchema } from '../../own-api/schemas/work.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { cursorIn, linkToNext } from '../paging.ts';
import { problems, sendProblem } from '../problem.ts';

/** The tasks of one person. */
export function workRoutes(app: FastifyInstance, { database }: ApiContext): void {
  const schema = {
    tags: ['claims'],
    summary: 'Your own tasks, the oldest first',
    querystring: workQuery,
    response: { 200: z.array(taskSchema), ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/work', { schema }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'look-at-claims');
    if (barred) return sendProblem(reply, barred);
    const { after: at, limit } = request.query;
    const cursor = cursorIn(at, ['instant', 'text', 'text']);
    if (cursor && 'kind' in cursor) return sendProblem(reply, cursor);
    const page = { limit, ...present({ after: cursor }) };
    const { tasks, next } = await workOf(database, colleagueOf(request), page);
    linkToNext(reply, request.url, next && textOfCursor(next));
    return tasks;
  });
}
