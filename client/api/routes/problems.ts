import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isClaimNumber } from '../../../domain/ids.ts';
import { brokenPartsIn } from '../../../domain/claim/problems.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import { recordedSchema } from '../../own-api/schemas/acts.ts';
import { problemsQuery } from '../../own-api/schemas/lists.ts';
import { standingSchema } from '../../own-api/schemas/problems.ts';
import { perform } from '../acting.ts';
import { colleagueOf, mayNotAct } from '../authentication.ts';
import { whenUp, type Desk } from '../desk.ts';
import { linkToNext } from '../paging.ts';
import { engineDown, isProblem, problems, recordsDown, sendProblem, unknownClaimNumber } from '../problem.ts';
import { claimParams, fields, text } from '../schemas.ts';

/** Claims that stand still because something is broken, and letting them go on. */
export function problemRoutes(app: FastifyInstance, desk: Desk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  const list = {
    tags: ['problems'],
    summary:
      'Open claims that stand still because something is broken; from the engine, so while the records are down too; further pages by the Link header',
    querystring: problemsQuery,
    response: { 200: z.array(standingSchema), ...problems },
  };
  routes.get('/problems', { schema: list }, async (request, reply) => {
    const answer = await desk.claims.standingStill(request.query.after);
    if (answer.kind === 'unavailable') return sendProblem(reply, engineDown());
    linkToNext(reply, request.url, answer.next);
    return answer.claims.map((each) => ({ ...each, parts: brokenPartsIn(each.problem) }));
  });

  const retry = {
    tags: ['acts'],
    summary: actInWords('retry'),
    params: claimParams,
    body: fields({
      problem: text(
        'a problem as the claim shows it, or the part that was broken, such as bank',
        200,
      ).optional(),
    }),
    response: { 200: recordedSchema, ...problems },
  };
  // Unlike other acts it may concern a claim that could not be opened yet, or one that has closed and whose
  // last words are held up.
  routes.post('/claims/:no/acts/retry', { schema: retry }, async (request, reply) => {
    const { no } = request.params;
    const barred = mayNotAct(colleagueOf(request));
    if (barred) return sendProblem(reply, barred);
    if (!isClaimNumber(no)) return sendProblem(reply, unknownClaimNumber(no));
    if ((await whenUp(desk.database.$queryRaw`SELECT 1`)) === 'down')
      return sendProblem(reply, recordsDown());
    const answer = await perform(desk, request, no, 'retry', request.body);
    return isProblem(answer) ? sendProblem(reply, answer) : answer;
  });
}
