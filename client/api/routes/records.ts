import { strictFields } from '../../../config/field-sentences.ts';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { rebuildClaim } from '../../../records/claims/projection.ts';
import { checkJournal } from '../../../records/journal/journal-check.ts';
import { claimsWithJournals } from '../../../records/journal/read-journal.ts';
import { checkedSchema, rebuiltSchema } from '../../own-api/schemas/records.ts';
import { barredFrom, colleagueOf, mayNotAct } from '../authentication.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import type { ApiContext } from '../context.ts';
import { problem, problems, sendProblem, type ApiProblem } from '../problem.ts';
import { text } from '../schemas.ts';

const which = strictFields({ claim: text("a claim's number; without it all claims", 20).optional() });

const tags = ['records'];

/** Rebuilds the read model from the journal, and checks the hashes of the journal. */
export function recordRoutes(app: FastifyInstance, context: ApiContext): void {
  rebuildRoute(app, context);
  checkRoute(app, context);
}

function rebuildRoute(app: FastifyInstance, { database }: ApiContext): void {
  const schema = {
    tags,
    summary: actInWords('rebuild-records'),
    body: which,
    response: { 200: rebuiltSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().post('/records/rebuild', { schema }, async (request, reply) => {
    const barred = mayNotAct(colleagueOf(request)) ?? barredFrom(colleagueOf(request), 'rebuild-records');
    if (barred) return sendProblem(reply, barred);
    let [claims, entries] = [0, 0];
    for await (const claim of claimsWithJournals(database, request.body.claim)) {
      entries += await rebuildClaim(database, claim);
      claims += 1;
    }
    if (claims === 0 && request.body.claim) return sendProblem(reply, noJournal(request.body.claim));
    return { kind: 'rebuilt' as const, claims, entries };
  });
}

function checkRoute(app: FastifyInstance, { database }: ApiContext): void {
  const schema = {
    tags,
    summary: actInWords('check-records'),
    body: which,
    response: { 200: checkedSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().post('/records/check', { schema }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'check-records');
    if (barred) return sendProblem(reply, barred);
    let [claims, entries] = [0, 0];
    const broken: { claim: string; at: number }[] = [];
    for await (const claim of claimsWithJournals(database, request.body.claim)) {
      const result = await checkJournal(database, claim);
      claims += 1;
      if (result.kind === 'intact') entries += result.entries;
      else broken.push({ claim, at: result.at });
    }
    if (claims === 0 && request.body.claim) return sendProblem(reply, noJournal(request.body.claim));
    return { claims, entries, broken };
  });
}

const noJournal = (claim: string): ApiProblem => problem(404, `There is no journal of a claim ${claim}.`);
