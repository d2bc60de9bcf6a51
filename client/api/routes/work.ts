import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { present } from '../../../domain/present.ts';
import { cursorOf } from '../../../records/claims/cursor.ts';
import { workOf } from '../../../records/claims/work.ts';
import { workQuery } from '../../own-api/schemas/lists.ts';
import { taskSchema } from '../../own-api/schemas/work.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { pagesOf } from '../paging.ts';
import { problems, sendProblem } from '../problem.ts';

/** The tasks of one person. */
export function workRoutes(app: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  const pages = pagesOf(context);
  const schema = {
    tags: ['claims'],
    summary: 'Your own tasks, the oldest first',
    querystring: workQuery,
    response: { 200: z.array(taskSchema), ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/work', { schema }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'look-at-claims');
    if (barred) return sendProblem(reply, barred);
    const { limit } = request.query;
    const cursor = pages.endBefore(request, cursorOf('instant', 'text', 'text'));
    if (cursor && 'kind' in cursor) return sendProblem(reply, cursor);
    const page = { limit, ...present({ after: cursor }) };
    const { tasks, next } = await workOf(database, colleagueOf(request), page);
    pages.linkToNext(request, reply, next);
    return tasks;
  });
}
