import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { recordsCheckSettings } from '../../../config/records-check.ts';
import { rolesInWords } from '../../../domain/people/permissions.ts';
import { keepCheck, lastCheck } from '../../../records/journal/checks.ts';
import { entriesAfter, hashesOf, knownClaim, knownClaims } from '../../../records/journal/heads.ts';
import { signedLines } from '../../../records/journal/signed-lines.ts';
import {
  checkSchema,
  claimRunSchema,
  keptCheckSchema,
  knownClaimSchema,
  lineSchema,
  recordsProblemSchema,
  storedRowSchema,
  type KeptCheck,
  type RecordsProblem,
} from '../../own-api/schemas/record-checks.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import { whenUp, type ApiContext } from '../context.ts';
import { noSuchPage, pagesOf } from '../paging.ts';
import { engineDown, isProblem, problem, problems, sendProblem } from '../problem.ts';
import { claimParams } from '../schemas.ts';

const tags = ['records'];
const number = z.string().max(20);
const entryNumber = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
const mostAsked = 1000;
const page = z.strictObject({ after: z.string().max(2000).optional() });

const described = (what: string) => ({ tags, summary: `${what} (${rolesInWords('check-records')})` });

/** The answer to somebody who may not check the records; undefined for others. */
function keptOut(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const barred = barredFrom(colleagueOf(request), 'check-records');
  return barred && sendProblem(reply, barred);
}

/**
 * What a check of the records reads, and what it found. The check itself runs at an auditor's: it compares
 * with the keys and the signed files there (client/check).
 */
export function recordCheckRoutes(app: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/records/claims',
    {
      schema: {
        ...described('The end of each journal, and the claims that other tables know; pages by `after`'),
        querystring: page,
        response: { 200: z.array(knownClaimSchema), ...problems },
      },
    },
    async (request, reply) =>
      keptOut(request, reply) ?? knownClaims(database, request.query.after ?? '', mostAsked),
  );

  routes.get(
    '/records/claims/:no',
    {
      schema: {
        ...described('The end of the journal of one claim; nothing where the records do not know it'),
        params: claimParams,
        response: { 200: z.array(knownClaimSchema), ...problems },
      },
    },
    async (request, reply) => {
      const barred = keptOut(request, reply);
      if (barred) return barred;
      const known = await knownClaim(database, request.params.no);
      return known ? [known] : [];
    },
  );

  const ofClaims = z.strictObject({
    of: z
      .array(z.strictObject({ claim: number, after: entryNumber, upTo: entryNumber.optional() }))
      .max(mostAsked),
  });
  routes.post(
    '/records/entries',
    {
      schema: {
        ...described('The rows of journals after these entries, up to others, as they are stored'),
        body: ofClaims,
        response: { 200: z.array(storedRowSchema), ...problems },
      },
    },
    async (request, reply) =>
      keptOut(request, reply) ?? entriesAfter(database, request.body.of, 2 * mostAsked),
  );

  const single = z.strictObject({
    of: z.array(z.strictObject({ claim: number, seq: entryNumber })).max(mostAsked),
  });
  routes.post(
    '/records/hashes',
    {
      schema: {
        ...described('The hashes of single entries, in the order asked; null for a missing one'),
        body: single,
        response: { 200: z.array(z.string().nullable()), ...problems },
      },
    },
    async (request, reply) => keptOut(request, reply) ?? hashesOf(database, request.body.of),
  );

  routes.post(
    '/records/lines',
    {
      schema: {
        ...described('What people did to the records of these claims, each line signed'),
        body: z.strictObject({ claims: z.array(number).max(100) }),
        response: { 200: z.array(lineSchema), ...problems },
      },
    },
    async (request, reply) => {
      const barred = keptOut(request, reply);
      if (barred) return barred;
      const lines = await Promise.all(request.body.claims.map((claim) => signedLines(database, { claim })));
      return lines.flat().flatMap(({ claim, act, at, proof }) => (claim ? [{ claim, act, at, proof }] : []));
    },
  );

  runRoutes(app, context);

  routes.post(
    '/records/checks',
    {
      schema: {
        ...described('Keeps the result of a check; its findings are a problem until the next one'),
        body: checkSchema,
        response: { 201: checkSchema, ...problems },
      },
    },
    async (request, reply) => {
      const barred = keptOut(request, reply);
      if (barred) return barred;
      await keepCheck(database, colleagueOf(request).code, request.body);
      return reply.code(201).send(request.body);
    },
  );

  routes.get(
    '/records/checks/last',
    {
      schema: {
        ...described('The result of the last check'),
        response: { 200: keptCheckSchema, ...problems },
      },
    },
    async (request, reply) =>
      keptOut(request, reply) ??
      (await lastKept(context)) ??
      sendProblem(reply, problem(404, 'The records were never checked: bin/lipei records check')),
  );

  routes.get(
    '/problems/records',
    {
      schema: {
        tags: ['problems'],
        summary: 'What the last check of the records found, until the next one is clean',
        response: { 200: z.array(recordsProblemSchema), ...problems },
      },
    },
    async (request, reply) => {
      const barred = barredFrom(colleagueOf(request), 'look-at-claims');
      if (barred) return sendProblem(reply, barred);
      const last = await whenUp(lastKept(context));
      return last === 'down' ? [nobodyKnows] : recordsProblems(last, Date.now());
    },
  );
}

/** Temporal's list of runs, with the heads that they stored last. */
function runRoutes(app: FastifyInstance, context: ApiContext): void {
  const pages = pagesOf(context);
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const response = { 200: z.array(claimRunSchema), ...problems };

  const all = {
    ...described('Runs of claims that Temporal knows; pages by Link'),
    querystring: page,
    response,
  };
  routes.get('/records/runs', { schema: all }, async (request, reply) => {
    const barred = keptOut(request, reply);
    if (barred) return barred;
    const end = pages.endBefore(request, z.object({ token: z.string() }).parse);
    if (end && isProblem(end)) return sendProblem(reply, end);
    const answer = await context.claims.runs({ after: end?.token });
    if (answer.kind === 'no-such-page') return sendProblem(reply, noSuchPage());
    if (answer.kind === 'unavailable') return sendProblem(reply, engineDown());
    pages.linkToNext(request, reply, answer.next && { token: answer.next });
    return answer.runs;
  });

  const one = { ...described('The runs of one claim that Temporal knows'), params: claimParams, response };
  routes.get('/records/runs/:no', { schema: one }, async (request, reply) => {
    const barred = keptOut(request, reply);
    if (barred) return barred;
    const answer = await context.claims.runs({ claim: request.params.no });
    return answer.kind === 'known' ? answer.runs : sendProblem(reply, engineDown());
  });
}

const lastKept = async ({ database }: ApiContext): Promise<KeptCheck | undefined> => {
  const last = await lastCheck(database);
  return last && keptCheckSchema.parse(last);
};

const nobodyKnows: RecordsProblem = {
  state: 'unknown',
  problem: 'The records cannot be reached, so nobody knows what their last check found.',
  findings: [],
};

function recordsProblems(last: KeptCheck | undefined, nowMs: number): RecordsProblem[] {
  if (!last)
    return [
      { state: 'late', problem: 'The records were never checked: bin/lipei records check', findings: [] },
    ];
  const { found, findings, at } = last;
  const hours = (nowMs - Date.parse(at)) / 3_600_000;
  const isLate = hours > recordsCheckSettings.lateHours;
  return [
    ...(found > 0
      ? [
          {
            state: 'found' as const,
            problem: `The check of the records at ${at} has ${found} findings: bin/lipei records check`,
            findings,
          },
        ]
      : []),
    ...(isLate
      ? [
          {
            state: 'late' as const,
            problem: `The records were last checked at ${at}: bin/lipei records check`,
            findings: [],
          },
        ]
      : []),
  ];
}
