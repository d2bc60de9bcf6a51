import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { policyNumber } from '../../../../config/notice/schema.ts';
import { onlyLooks } from '../../../../domain/people/permissions.ts';
import { present } from '../../../../domain/present.ts';
import { glassReasons } from '../../../../records/claims/notes.ts';
import { cursorOf } from '../../../../records/claims/cursor.ts';
import { looksOf, recordLook } from '../../../../records/parties/personal-looks.ts';
import type { Colleague } from '../../../../records/staff/staff.ts';
import { readersQuery } from '../../../own-api/schemas/lists.ts';
import { lookSchema, type KeptLook } from '../../../own-api/schemas/looks.ts';
import { barredFrom, colleagueOf } from '../../authentication.ts';
import { findClaim, type ApiContext } from '../../context.ts';
import { pagesOf } from '../../paging.ts';
import { isProblem, problem, problems, sendProblem, type ApiProblem } from '../../problem.ts';
import { claimParams, code } from '../../schemas.ts';

const tags = ['personal'];
const response = { 200: z.array(lookSchema), ...problems };

/** Who read what of a claim, and what a person has read: the customer's right to know goes through these. */
export function readersRoutes(app: FastifyInstance, context: ApiContext): void {
  readersRoute(app, context);
  policyReadersRoute(app, context);
  looksRoute(app, context);
}

const inPages = 'the newest look first; further pages by the Link header';

function readersRoute(app: FastifyInstance, context: ApiContext): void {
  const list = listing(context);
  const schema = {
    tags,
    summary: `Who read personal data of the claim, ${inPages}`,
    params: claimParams,
    querystring: readersQuery,
    response,
  };
  app.withTypeProvider<ZodTypeProvider>().get('/claims/:no/readers', { schema }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'look-at-readers');
    if (barred) return sendProblem(reply, barred);
    const found = await findClaim(context, request.params.no);
    if (isProblem(found)) return sendProblem(reply, found);
    const { number: claim, branch } = found.claim;
    const { limit } = request.query;
    return list(request, reply, { claim }, { limit, of: `claim ${claim}`, branch });
  });
}

function policyReadersRoute(app: FastifyInstance, context: ApiContext): void {
  const list = listing(context);
  const schema = {
    tags,
    summary: `Who looked at the policy in the policy book, ${inPages}`,
    params: z.object({ number: policyNumber }),
    querystring: readersQuery,
    response,
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/policies/:number/readers', { schema }, async (request, reply) => {
      const barred = barredFrom(colleagueOf(request), 'look-at-readers');
      if (barred) return sendProblem(reply, barred);
      const { number: policy } = request.params;
      const [last] = await context.database.policy.findMany({
        where: { number: policy },
        orderBy: { version: 'desc' },
        take: 1,
        select: { branch: true },
      });
      if (!last) return sendProblem(reply, problem(404, `The policy book has no policy ${policy}.`));
      const { limit } = request.query;
      return list(request, reply, { policy }, { limit, of: `policy ${policy}`, branch: last.branch });
    });
}

function looksRoute(app: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  const list = listing(context);
  const schema = {
    tags,
    summary: `The personal data that somebody has read, ${inPages}`,
    params: z.object({ code: code('a staff code') }),
    querystring: readersQuery,
    response,
  };
  app.withTypeProvider<ZodTypeProvider>().get('/staff/:code/looks', { schema }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'look-at-readers');
    if (barred) return sendProblem(reply, barred);
    const { code: by } = request.params;
    const reader = await database.person.findUnique({ where: { code: by }, select: { branch: true } });
    if (!reader) return sendProblem(reply, problem(404, `Nobody has the staff code "${by}".`));
    return list(request, reply, { by }, { limit: request.query.limit, of: by, branch: reader.branch });
  });
}

/** Answers a page of looks at a claim or by a person of this branch. */
function listing(context: ApiContext) {
  const pages = pagesOf(context);
  return async (
    request: FastifyRequest,
    reply: FastifyReply,
    filter: { claim?: string; policy?: string; by?: string },
    { limit, of, branch }: { limit: number; of: string; branch: string },
  ) => {
    const colleague = colleagueOf(request);
    if (!seesBranch(colleague, branch)) return sendProblem(reply, elsewhere(colleague, of, branch));
    const cursor = pages.endBefore(request, cursorOf('amount'));
    if (cursor && 'kind' in cursor) return sendProblem(reply, cursor);
    const end = cursor?.[0] ?? undefined;
    const { looks, next } = await looksOf(context.database, filter, {
      limit,
      ...present({ after: end === undefined ? undefined : BigInt(end) }),
    });
    pages.linkToNext(request, reply, next && [next]);
    return withReasons(context, colleague, looks);
  };
}

/** An auditor sees all branches. */
const seesBranch = (colleague: Colleague, branch: string): boolean =>
  onlyLooks(colleague) || colleague.branch === branch;

const elsewhere = ({ code: own, branch }: Colleague, what: string, of: string): ApiProblem =>
  problem(403, `${own} is of ${branch}, and ${what} is of ${of}; a supervisor or manager there sees this.`);

/** Adds the words of the reasons for broken glasses, and records that they were read. */
async function withReasons(
  { database, keyring }: ApiContext,
  by: Colleague,
  looks: readonly (KeptLook & { note?: string })[],
): Promise<KeptLook[]> {
  const ids = looks.flatMap(({ note }) => note ?? []);
  if (ids.length > 0)
    await recordLook(database, {
      by,
      claims: looks.flatMap(({ note, claims }) => (note === undefined ? [] : claims)),
      what: 'reasons for broken glasses',
      ...(onlyLooks(by)
        ? { because: 'audit', purpose: 'audit' }
        : { because: 'branch', purpose: 'supervision' }),
    });
  const reasons = ids.length > 0 ? await glassReasons(database, keyring, ids) : new Map<string, string>();
  return looks.map(({ note, ...look }) => ({
    ...look,
    ...present({ reason: note === undefined ? undefined : reasons.get(note) }),
  }));
}
