import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isClaimNumber } from '../../../domain/ids.ts';
import { present } from '../../../domain/present.ts';
import { instantOf } from '../../../domain/time/time.ts';
import { cursorOf } from '../../../records/claims/cursor.ts';
import { erasedParties } from '../../../records/parties/erasure.ts';
import { followUpsOf } from '../../../records/claims/follow-ups.ts';
import { listClaims } from '../../../records/claims/list.ts';
import { shownClaim } from '../../../records/claims/show.ts';
import { journalOf } from '../../../records/journal/read-journal.ts';
import { notificationsOf } from '../../../records/messages/notifications.ts';
import { unsentOf } from '../../../records/messages/unsent.ts';
import { listedSchema, shownSchema } from '../../own-api/schemas/claims.ts';
import { entrySchema } from '../../own-api/schemas/journal.ts';
import { claimsQuery, type Sort } from '../../own-api/schemas/lists.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import { findClaim, whenUp, type ApiContext } from '../context.ts';
import { withNames } from '../names.ts';
import { pagesOf } from '../paging.ts';
import { isProblem, problem, problems, sendProblem } from '../problem.ts';
import { claimParams } from '../schemas.ts';

const tags = ['claims'];

/** Reading claims. */
export function claimRoutes(app: FastifyInstance, context: ApiContext): void {
  listRoute(app, context);
  claimRoute(app, context);
  journalRoute(app, context);
}

function listRoute(app: FastifyInstance, context: ApiContext): void {
  const pages = pagesOf(context);
  const schema = {
    tags,
    summary: 'Claims, open ones unless all; further pages by the Link header',
    querystring: claimsQuery,
    response: { 200: z.array(listedSchema), ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/claims', { schema }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'look-at-claims');
    if (barred) return sendProblem(reply, barred);
    const { after: _, ...filter } = request.query;
    const cursor = pages.endBefore(request, cursorOf(sortedBy[filter.sort], 'text'));
    if (cursor && 'kind' in cursor) return sendProblem(reply, cursor);
    if (filter.handler !== undefined && (await isNobody(context, filter.handler))) {
      const sentence = `handler must be the code of a member of staff; nobody has "${filter.handler}".`;
      return sendProblem(reply, problem(422, sentence, { field: 'handler' }));
    }
    const { claims, next } = await listClaims(
      context.database,
      { ...filter, ...present({ after: cursor }) },
      instantOf(Date.now()),
    );
    pages.linkToNext(request, reply, next);
    return withNames(context, claims);
  });
}

function claimRoute(app: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  const schema = {
    tags,
    summary: 'One claim: its expectations, its items and its notifications',
    params: claimParams,
    response: { 200: shownSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/claims/:no', { schema }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'look-at-claims');
    if (barred) return sendProblem(reply, barred);
    const found = await findClaim(context, request.params.no);
    if (isProblem(found)) return sendProblem(reply, found);
    const { claim, pack } = found;
    const messages = await whenUp(
      Promise.all([
        notificationsOf(database, claim.number),
        followUpsOf(database, claim.number),
        erasedParties(database, claim.number),
      ]),
    );
    const [notifications, followUps, erased] = messages === 'down' ? [[], [], []] : messages;
    const unsent = unsentOf(claim, notifications);
    const shown = shownClaim(claim, pack, instantOf(Date.now()));
    const parties = shown.parties.map((each) =>
      erased.includes(each.id) ? { ...each, erased: true as const } : each,
    );
    const [named = shown] = await withNames(context, [shown]);
    return { ...named, parties, followUps, notifications, unsent };
  });
}

function journalRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'The journal of a claim, each entry with its hash',
    params: claimParams,
    response: { 200: z.array(entrySchema), ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/claims/:no/journal', { schema }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'look-at-claims');
    if (barred) return sendProblem(reply, barred);
    const { no } = request.params;
    const entries = isClaimNumber(no) ? await journalOf(context.database, no) : [];
    if (entries.length > 0) return entries;
    const found = await findClaim(context, no);
    return isProblem(found) ? sendProblem(reply, found) : entries;
  });
}

/** Reads the records: the cache of staff lacks a person hired a moment ago. The handler may be `nobody`. */
const isNobody = async ({ database }: ApiContext, code: string): Promise<boolean> =>
  code !== 'nobody' &&
  (await database.person.findUnique({ where: { code }, select: { code: true } })) === null;

const sortedBy: Record<Sort, 'instant' | 'amount'> = {
  age: 'instant',
  next: 'instant',
  amount: 'amount',
  silence: 'instant',
};
