import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { must, mustBe, strictFields } from '../../../config/field-sentences.ts';
import { isClaimNumber } from '../../../domain/ids.ts';
import { partyKinds } from '../../../domain/people/people.ts';
import { stages } from '../../../domain/road/road.ts';
import { instantOf } from '../../../domain/time/time.ts';
import { cursorOf, textOfCursor, type Cursor } from '../../../records/claims/cursor.ts';
import { followUpsOf } from '../../../records/claims/follow-ups.ts';
import { journalOf } from '../../../records/journal/read-journal.ts';
import { listClaims, sorts, type Sort } from '../../../records/claims/list.ts';
import { notificationsOf } from '../../../records/messages/notifications.ts';
import { shownClaim } from '../../../records/claims/show.ts';
import { unsentOf } from '../../records/unsent.ts';
import { workOf } from '../../../records/claims/work.ts';
import { colleagueOf } from '../authentication.ts';
import { findClaim, whenUp, type Desk } from '../desk.ts';
import { after, linkToNext, noSuchPage } from '../paging.ts';
import { isProblem, problem, problems, sendProblem, type Problem } from '../problem.ts';
import { claimParams, listedSchema, shownSchema, taskSchema, text } from '../schemas.ts';

const flag = z
  .enum(['true', 'false'], { error: must('true or false') })
  .default('false')
  .transform((given) => given === 'true');
const limit = (usual: number) =>
  z.coerce
    .number({ error: must('a number from 1 to 1000') })
    .int(mustBe('a number from 1 to 1000'))
    .min(1, mustBe('a number from 1 to 1000'))
    .max(1000, mustBe('a number from 1 to 1000'))
    .default(usual);

const listQuery = strictFields({
  all: flag.meta({ description: 'Closed claims too; stage=closed lists them without it' }),
  waitingOn: z.enum(partyKinds, { error: must(`one of ${partyKinds.join(', ')}`) }).optional(),
  overdue: flag.meta({ description: 'Only claims where something is late' }),
  silent: flag.meta({
    description: 'Only open claims whose claimant has heard nothing for longer than the rules allow',
  }),
  handler: text('a staff code', 50).optional(),
  stage: z.enum(stages, { error: must(`one of ${stages.join(', ')}`) }).optional(),
  sort: z
    .enum(sorts, { error: must(`one of ${sorts.join(', ')}`) })
    .default('age')
    .meta({
      description:
        'The oldest waiting first, the next action first, the largest claimed amount first, or the longest silence first',
    }),
  after,
  limit: limit(200),
});

/** Looking at claims and at what waits. */
export function claimRoutes(app: FastifyInstance, desk: Desk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const { database } = desk;

  routes.get(
    '/claims',
    {
      schema: {
        tags: ['claims'],
        summary: 'Claims, open ones unless all; further pages by the Link header',
        querystring: listQuery,
        response: { 200: z.array(listedSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { after: at, ...wish } = request.query;
      const cursor = cursorIn(at, [sortedBy[wish.sort], 'text']);
      if (cursor && 'kind' in cursor) return sendProblem(reply, cursor);
      if (wish.handler !== undefined && (await isNobody(desk, wish.handler)))
        return sendProblem(
          reply,
          problem(422, `handler must be the code of a member of staff; nobody has "${wish.handler}".`, {
            field: 'handler',
          }),
        );
      const { claims, next } = await listClaims(
        database,
        { ...wish, ...(cursor && { after: cursor }) },
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
      const found = await findClaim(desk, request.params.no);
      if (isProblem(found)) return sendProblem(reply, found);
      const { claim, pack } = found;
      const told = await whenUp(
        Promise.all([
          notificationsOf(database, claim.number),
          claim.outcome ? followUpsOf(database, claim.number) : [],
        ]),
      );
      const [notifications, followUps] = told === 'down' ? [[], []] : told;
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
        response: { 200: z.array(z.looseObject({})), ...problems },
      },
    },
    async (request, reply) => {
      const { no } = request.params;
      const entries = isClaimNumber(no) ? await journalOf(database, no) : [];
      if (entries.length > 0) return entries;
      const found = await findClaim(desk, no);
      return isProblem(found) ? sendProblem(reply, found) : entries;
    },
  );

  routes.get(
    '/work',
    {
      schema: {
        tags: ['claims'],
        summary: 'What waits for whoever asks, the oldest first',
        querystring: strictFields({ after, limit: limit(1000) }),
        response: { 200: z.array(taskSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { after: at, limit: size } = request.query;
      const cursor = cursorIn(at, ['instant', 'text', 'text']);
      if (cursor && 'kind' in cursor) return sendProblem(reply, cursor);
      const { tasks, next } = await workOf(database, colleagueOf(request), {
        limit: size,
        ...(cursor && { after: cursor }),
      });
      linkToNext(reply, request.url, next && textOfCursor(next));
      return tasks;
    },
  );
}

/** Asked of the records, for the cache of staff knows nobody who was hired a moment ago. `nobody` may be one. */
const isNobody = async ({ database }: Desk, code: string): Promise<boolean> =>
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
): Cursor | Problem | undefined {
  if (given === undefined) return undefined;
  return cursorOf(given, parts) ?? noSuchPage();
}
