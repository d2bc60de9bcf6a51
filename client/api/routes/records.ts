import { strictFields } from '../../../config/field-sentences.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { foldedClaim } from '../../../domain/ids.ts';
import { rebuildClaim } from '../../../records/claims/projection.ts';
import { claimsWithJournals } from '../../../records/journal/read-journal.ts';
import { rebuiltSchema } from '../../own-api/schemas/records.ts';
import { barredFrom, colleagueOf, mayNotAct } from '../authentication.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import { numberFor } from '../claim-by-tail.ts';
import type { ApiContext } from '../context.ts';
import { problem, problems, sendProblem, type ApiProblem } from '../problem.ts';
import { text } from '../schemas.ts';

const which = strictFields({
  claim: text("a claim's number; without it all claims", 20).overwrite(foldedClaim).optional(),
});

const tags = ['records'];

/** Rebuilds the read model from the journal. */
export function recordRoutes(app: FastifyInstance, context: ApiContext): void {
  rebuildRoute(app, context);
}

function rebuildRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: actInWords('rebuild-records'),
    body: which,
    response: { 200: rebuiltSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().post('/records/rebuild', { schema }, async (request, reply) => {
    const barred = mayNotAct(colleagueOf(request)) ?? barredFrom(colleagueOf(request), 'rebuild-records');
    if (barred) return sendProblem(reply, barred);
    const one = await numberIn(context, request);
    if (typeof one === 'object') return sendProblem(reply, one);
    let [claims, entries] = [0, 0];
    for await (const claim of claimsWithJournals(context.database, one)) {
      entries += await rebuildClaim(context.database, claim);
      claims += 1;
    }
    if (claims === 0 && one) return sendProblem(reply, noJournal(one));
    return { kind: 'rebuilt' as const, claims, entries };
  });
}

const numberIn = async (
  context: ApiContext,
  request: FastifyRequest<{ Body: z.output<typeof which> }>,
): Promise<string | undefined | ApiProblem> =>
  request.body.claim === undefined ? undefined : numberFor(context, request, request.body.claim);

const noJournal = (claim: string): ApiProblem => problem(404, `There is no journal of a claim ${claim}.`);
