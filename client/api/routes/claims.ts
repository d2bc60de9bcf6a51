import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isClaimNumber } from '../../../domain/ids.ts';
import { instantOf } from '../../../domain/time/time.ts';
import { listedSchema, shownSchema } from '../../own-api/schemas/claims.ts';
import { entrySchema } from '../../own-api/schemas/journal.ts';
import { claimsQuery, workQuery, type Sort } from '../../own-api/schemas/lists.ts';
import { taskSchema } from '../../own-api/schemas/work.ts';
import { cursorOf, textOfCursor, type Cursor } from '../../../records/claims/cursor.ts';
import { followUpsOf } from '../../../records/claims/follow-ups.ts';
import { journalOf } from '../../../records/journal/read-journal.ts';
import { listClaims } from '../../../records/claims/list.ts';
import { notificationsOf } from '../../../records/messages/notifications.ts';
import { shownClaim } from '../../../records/claims/show.ts';
import { unsentOf } from '../../../records/messages/unsent.ts';
import { workOf } from '../../../records/claims/work.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import { findClaim, whenUp, type ApiContext } from '../context.ts';
import { linkToNext, noSuchPage } from '../paging.ts';
import { isProblem, problem, problems, sendProblem, type ApiProblem } from '../problem.ts';
import { claimParams } from '../schemas.ts';
import { present } from '../../../domain/present.ts';

/** Looking at claims and at what waits. */
export function claimRoutes(app: FastifyInstance, context: ApiContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const { database } = context;

  routes.get(
    '/claims',
    {
      schema: {
        tags: ['claims'],
        summary: 'Claims, open ones unless all; further pages by the Link header',
        querystring: claimsQuery,
        response: { 200: z.array(listedSchema), ...problems },
      },
    },
    async (request, reply) => {
      const barred = barredFrom(colleagueOf(request), 'look-at-claims');
      if (barred) return sendProblem(reply, barred);
      const { after: at, ...filter } = request.query;
      const cursor = cursorIn(at, [sortedBy[filter.sort], 'text']);
      if (cursor && 'kind' in cursor) return sendProblem(reply, cursor);
      if (filter.handler !== undefined && (await isNobody(context, filter.handler)))
        return sendProblem(
          reply,
          problem(422, `handler must be the code of a member of staff; nobody has "${filter.handler}".`, {
            field: 'handler',
          }),
        );
      const { claims, next } = await listClaims(
        database,
        { ...filter, ...present({ after: cursor }) },
        instantOf(Date.now()),
      );
      linkToNext(reply, request.url, next && textOfCursor(next));
      return claims;
    },
  );

  routes.get(
    '/claims/:no',
    {
      schema: {
        tags: ['claims'],
        summary: 'One claim: whom it waits for, its items, who was told what',
        params: claimParams,
        response: { 200: shownSchema, ...problems },
      },
    },
    async (request, reply) => {
      const barred = barredFrom(colleagueOf(request), 'look-at-claims');
      if (barred) return sendProblem(reply, barred);
      const found = await findClaim(context, request.params.no);
      if (isProblem(found)) return sendProblem(reply, found);
      const { claim, pack } = found;
      const messages = await whenUp(
        Promise.all([
          notificationsOf(database, claim.number),
          claim.outcome ? followUpsOf(database, claim.number) : [],
        ]),
      );
      const [notifications, followUps] = messages === 'down' ? [[], []] : messages;
      const unsent = unsentOf(claim, notifications);
      return { ...shownClaim(claim, pack, instantOf(Date.now())), followUps, notifications, unsent };
    },
  );

  routes.get(
    '/claims/:no/journal',
    {
      schema: {
        tags: ['claims'],
        summary: 'Everything that happened to a claim, each entry with its hash',
        params: claimParams,
        response: { 200: z.array(entrySchema), ...problems },
      },
    },
    async (request, reply) => {
      const barred = barredFrom(colleagueOf(request), 'look-at-claims');
      if (barred) return sendProblem(reply, barred);
      const { no } = request.params;
      const entries = isClaimNumber(no) ? await journalOf(database, no) : [];
      if (entries.length > 0) return entries;
      const found = await findClaim(context, no);
      return isProblem(found) ? sendProblem(reply, found) : entries;
    },
  );

  routes.get(
    '/work',
    {
      schema: {
        tags: ['claims'],
        summary: 'What waits for whoever asks, the oldest first',
        querystring: workQuery,
        response: { 200: z.array(taskSchema), ...problems },
      },
    },
    async (request, reply) => {
      const barred = barredFrom(colleagueOf(request), 'look-at-claims');
      if (barred) return sendProblem(reply, barred);
      const { after: at, limit: size } = request.query;
      const cursor = cursorIn(at, ['instant', 'text', 'text']);
      if (cursor && 'kind' in cursor) return sendProblem(reply, cursor);
      const { tasks, next } = await workOf(database, colleagueOf(request), {
        limit: size,
        ...present({ after: cursor }),
      });
      linkToNext(reply, request.url, next && textOfCursor(next));
      return tasks;
    },
  );
}

/** The cache of staff does not know who was hired a moment ago. A claim may be handled by `nobody`. */
const isNobody = async ({ database }: ApiContext, code: string): Promise<boolean> =>
  code !== 'nobody' &&
  (await database.person.findUnique({ where: { code }, select: { code: true } })) === null;

const sortedBy: Record<Sort, 'instant' | 'amount'> = {
  age: 'instant',
  next: 'instant',
  amount: 'amount',
  silence: 'instant',
};

function cursorIn(
  given: string | undefined,
  parts: Parameters<typeof cursorOf>[1],
): Cursor | ApiProblem | undefined {
  if (given === undefined) return undefined;
  return cursorOf(given, parts) ?? noSuchPage();
}
