import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { must, strictFields } from '../../../config/field-sentences.ts';
import type { Access } from '../../../domain/people/permissions.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import { present } from '../../../domain/present.ts';
import { keepLine } from '../../../records/journal/signed-lines.ts';
import { dueClaims } from '../../../records/retention/due-claims.ts';
import { heldClaims } from '../../../records/retention/holds.ts';
import {
  keepPlan,
  planId,
  plannedRows,
  recordsNow,
  retentionPlan,
} from '../../../records/retention/plans.ts';
import { storedClaim } from '../../../records/claims/stored-claim.ts';
import { heldSchema, planSchema, retiredSchema, type Plan } from '../../own-api/schemas/retention.ts';
import { barredFrom, colleagueOf, mayNotAct } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { isProblem, problem, problems, sendProblem, unknownClaim, type ApiProblem } from '../problem.ts';
import { retireBatch } from '../retiring.ts';
import { claimParams, nameParam, text } from '../schemas.ts';
import { signLine } from '../signing.ts';

const tags = ['retention'];

/** What is kept from deletion, what is planned to go after its time, and its going. */
export function retentionRoutes(app: FastifyInstance, context: ApiContext): void {
  holdRoute(app, context, 'hold');
  holdRoute(app, context, 'release');
  planRoute(app, context);
  runRoute(app, context);
}

const barredFromKeeping = (request: FastifyRequest, what: Access): ApiProblem | undefined =>
  mayNotAct(colleagueOf(request)) ?? barredFrom(colleagueOf(request), what);

function holdRoute(app: FastifyInstance, context: ApiContext, act: 'hold' | 'release'): void {
  const { database, roots, retention } = context;
  const right = `one of ${retention.holdReasons.join(', ')}`;
  const schema = {
    tags,
    summary: act === 'hold' ? actInWords('hold-claims') : 'Release a claim that is kept from deletion',
    params: claimParams,
    body: strictFields({ reason: z.enum(retention.holdReasons, { error: must(right) }) }),
    response: { 200: heldSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().post(`/claims/:no/${act}`, { schema }, async (request, reply) => {
    const barred = barredFromKeeping(request, 'hold-claims');
    if (barred) return sendProblem(reply, barred);
    const { no } = request.params;
    if (!(await storedClaim(database, no))) return sendProblem(reply, unknownClaim(no));
    const isHeld = (await heldClaims(database, roots, no)).has(no);
    if (isHeld === (act === 'hold'))
      return sendProblem(
        reply,
        problem(409, isHeld ? `Claim ${no} is held already.` : `Nobody holds claim ${no}.`),
      );
    const { reason } = request.body;
    const signed = await signLine(context, request, {
      claim: no,
      act: `${act}-claim`,
      fields: { reason },
    });
    if (isProblem(signed)) return sendProblem(reply, signed);
    await keepLine(database, signed.line);
    return { kind: act === 'hold' ? ('held' as const) : ('released' as const), claim: no };
  });
}

function planRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: actInWords('plan-retention'),
    response: { 200: planSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/records/retention/plans', { schema }, async (request, reply) => {
      const barred = barredFromKeeping(request, 'plan-retention');
      if (barred) return sendProblem(reply, barred);
      const plan = await planned(context, colleagueOf(request).code);
      const claims = plan.claims.map(({ claim }) => claim);
      const { id, at, by, classes } = plan;
      const signed = await signLine(context, request, {
        act: 'plan-retention',
        fields: { plan: id, claims: claims.length },
      });
      if (isProblem(signed)) return sendProblem(reply, signed);
      await keepPlan(context.database, { id, at, by, claims, classes });
      await keepLine(context.database, signed.line);
      return plan;
    });
}

/** The most claims of one plan; the next plan has the others. */
const mostClaims = 10_000;

async function planned({ database, retention, roots }: ApiContext, by: string): Promise<Plan> {
  const at = await recordsNow(database);
  const [claims, staying]: [Plan['claims'], Plan['staying']] = [[], []];
  for await (const { stays, ...due } of dueClaims(database, { retention, roots, now: at })) {
    if (stays) staying.push({ claim: due.claim, why: stays });
    else claims.push(due);
    if (claims.length >= mostClaims) break;
  }
  const classes = await plannedRows(database, retention, at);
  const id = planId(at, [by, at, claims.map(({ claim }) => claim), classes]);
  return { id, at, by, claims, staying, classes };
}

function runRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: actInWords('run-retention'),
    params: z.object({ plan: nameParam }),
    body: strictFields({
      after: text('the last claim of the batch before; without it the first batch', 20).optional(),
    }),
    response: { 200: retiredSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/records/retention/plans/:plan/run', { schema }, async (request, reply) => {
      const barred = barredFromKeeping(request, 'run-retention');
      if (barred) return sendProblem(reply, barred);
      const plan = await retentionPlan(context.database, request.params.plan);
      if (!plan)
        return sendProblem(
          reply,
          problem(404, 'There is no such plan; make one with: bin/lipei records retention --dry-run'),
        );
      const { code } = colleagueOf(request);
      if (plan.by === code)
        return sendProblem(
          reply,
          problem(403, `${code} made this plan; somebody else must look at it and carry it out.`),
        );
      const old = await tooOld(context, plan.at);
      if (old) return sendProblem(reply, old);
      const batch = await retireBatch(context, request, plan, present({ after: request.body.after }));
      return isProblem(batch) ? sendProblem(reply, batch) : batch;
    });
}

async function tooOld({ database, retention }: ApiContext, at: string): Promise<ApiProblem | undefined> {
  const days = (Date.parse(await recordsNow(database)) - Date.parse(at)) / 86_400_000;
  return days > retention.planDays
    ? problem(409, `This plan is older than ${retention.planDays} days; have a new one made.`)
    : undefined;
}
