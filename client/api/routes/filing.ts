import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { noticeJsonSchema, noticeSchema } from '../../../config/notice/schema.ts';
import { filedSchema } from '../../own-api/schemas/claims.ts';
import { barredFrom, colleagueOf, mayNotAct } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { file } from '../filing.ts';
import { isProblem, problems, sendProblem } from '../problem.ts';

/** Filing a notice of loss, and its JSON Schema. */
export function filingRoutes(app: FastifyInstance, context: ApiContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const schema = {
    tags: ['claims'],
    summary: 'File a notice of loss; the same source and reference is the same claim',
    body: noticeSchema,
    response: { 200: filedSchema, 201: filedSchema, ...problems },
  };

  // The reader that the worker also uses reports the mistakes of a notice.
  routes.post(
    '/claims',
    { schema, config: { limit: 'filing' }, validatorCompiler: () => (value: unknown) => ({ value }) },
    async (request, reply) => {
      const barred = mayNotAct(colleagueOf(request)) ?? barredFrom(colleagueOf(request), 'file-claims');
      if (barred) return sendProblem(reply, barred);
      const answer = await file(context, request, request.body);
      if (isProblem(answer)) return sendProblem(reply, answer);
      return reply.code(answer.kind === 'filed' ? 201 : 200).send(answer);
    },
  );

  const notice = noticeJsonSchema();
  routes.get(
    '/schemas/notice-of-loss.json',
    {
      config: { open: true },
      schema: {
        tags: ['about'],
        summary: 'JSON Schema of a notice of loss',
        response: { 200: z.looseObject({}) },
      },
    },
    () => ({ ...notice }),
  );
}
