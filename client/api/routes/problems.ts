import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { strictFields } from '../../../config/field-sentences.ts';
import { isClaimNumber } from '../../../domain/ids.ts';
import { brokenPartsIn, partNames } from '../../../domain/claim/problems.ts';
import { humanMessages } from '../../../workflows/contract.ts';
import { perform } from '../acting.ts';
import { colleagueOf, mayNotAct } from '../authentication.ts';
import { whenUp, type Desk } from '../desk.ts';
import { after, linkToNext } from '../paging.ts';
import { engineDown, isProblem, problems, recordsDown, sendProblem, unknownClaimNumber } from '../problem.ts';
import { claimParams, fields, recordedSchema, text } from '../schemas.ts';

const standing = z.object({
  claim: z.string(),
  problem: z.string().meta({
    description:
      'What is broken, in words; several separated by semicolons. What the claim cannot say itself, because its history cannot be read, the engine says',
  }),
  parts: z.array(z.enum(partNames)).meta({ description: 'The parts that are broken: what a retry names' }),
});

/** Claims that stand still because something is broken, and letting them go on. */
export function problemRoutes(app: FastifyInstance, desk: Desk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  const list = {
    tags: ['problems'],
    summary:
      'Open claims that stand still because something is broken; from the engine, so while the records are down too; further pages by the Link header',
    querystring: strictFields({ after }),
    response: { 200: z.array(standing), ...problems },
  };
  routes.get('/problems', { schema: list }, async (request, reply) => {
    const answer = await desk.claims.standingStill(request.query.after);
    if (answer.kind === 'unavailable') return sendProblem(reply, engineDown());
    linkToNext(reply, request.url, answer.next);
    return answer.claims.map((each) => ({ ...each, parts: brokenPartsIn(each.problem) }));
  });

  const retry = {
    tags: ['acts'],
    summary: humanMessages.retry.description,
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
