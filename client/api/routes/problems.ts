import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { calendarProblems } from '../../../config/holidays/coverage.ts';
import { brokenPartsIn } from '../../../domain/claim/problems.ts';
import { instantOf } from '../../../domain/time/time.ts';
import { unwellClaims, type UnwellSince } from '../../../records/claims/watch.ts';
import { problemsQuery } from '../../own-api/schemas/lists.ts';
import { calendarProblemSchema, standingSchema, type Standing } from '../../own-api/schemas/problems.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import { whenUp, type ApiContext } from '../context.ts';
import { noSuchPage, pagesOf } from '../paging.ts';
import { engineDown, isProblem, problems, sendProblem } from '../problem.ts';

/** Blocked claims, and published lists of holidays that end. */
export function problemRoutes(app: FastifyInstance, context: ApiContext): void {
  const pages = pagesOf(context);
  const routes = app.withTypeProvider<ZodTypeProvider>();

  const list = {
    tags: ['problems'],
    summary:
      'Open claims that are blocked, with the problem of each; from the engine, so also while the records ' +
      'are down; further pages by the Link header',
    querystring: problemsQuery,
    response: { 200: z.array(standingSchema), ...problems },
  };
  routes.get('/problems', { schema: list }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'look-at-claims');
    if (barred) return sendProblem(reply, barred);
    const end = pages.endBefore(request, z.object({ token: z.string() }).parse);
    if (end && isProblem(end)) return sendProblem(reply, end);
    const answer = await context.claims.blocked(end?.token);
    if (answer.kind === 'no-such-page') return sendProblem(reply, noSuchPage());
    if (answer.kind === 'unavailable') return sendProblem(reply, engineDown());
    pages.linkToNext(request, reply, answer.next && { token: answer.next });
    const unwell = end ? 'down' : await whenUp(unwellClaims(context.database));
    return [
      ...(unwell === 'down' ? [] : unwell.map(standingOf)),
      ...answer.claims.map((each) => ({ ...each, parts: brokenPartsIn(each.problem) })),
    ];
  });

  const calendars = {
    tags: ['problems'],
    summary: 'Published lists of holidays that end soon, have ended or are wrong',
    response: { 200: z.array(calendarProblemSchema), ...problems },
  };
  routes.get('/problems/calendars', { schema: calendars }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'look-at-claims');
    return barred ? sendProblem(reply, barred) : calendarProblems(instantOf(Date.now()));
  });
}

/** What the sweep found. Its words name the command that looks again. */
function standingOf({ claim, kind, detail, since }: UnwellSince): Standing {
  return {
    claim,
    problem: unwellInWords[kind] + (detail === undefined ? '' : `: ${detail}`),
    parts: kind === 'journal' ? ['journal'] : [],
    since: since.toISOString(),
  };
}

const unwellInWords: Record<UnwellSince['kind'], string> = {
  'not-running': 'open, and nothing runs it: it is taken up again',
  'no-owner': 'its run does not own it: it compares itself with the records',
  ahead: 'its run knows more than the records: it puts back what they lack',
  unknown: 'it runs, and the records do not know it: it puts back what they lack',
  journal: 'open, and not taken up, because its journal in the records',
  fault: 'open, and cannot be taken up',
};
