import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { actInWords } from '../../../domain/people/permissions.ts';
import { intactJournal } from '../../../records/journal/journal-check.ts';
import { storedClaim } from '../../../records/claims/stored-claim.ts';
import { lookingSchema, resumedSchema } from '../../own-api/schemas/problems.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import { whenUp, type ApiContext } from '../context.ts';
import {
  engineDown,
  problem,
  problems,
  recordsDown,
  sendProblem,
  unknownClaimNumber,
  type ApiProblem,
} from '../problem.ts';
import { claimParams } from '../schemas.ts';

const tags = ['problems'];

/** Taking up claims that are open and that nothing runs. */
export function resumeRoutes(app: FastifyInstance, context: ApiContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  const one = {
    tags,
    summary: actInWords('resume-claims'),
    params: claimParams,
    response: { 200: resumedSchema, ...problems },
  };
  routes.post('/claims/:no/resume', { schema: one }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'resume-claims');
    if (barred) return sendProblem(reply, barred);
    const { no } = request.params;
    const found = await whenUp(standing(context, no));
    if (found === 'down') return sendProblem(reply, recordsDown());
    if ('kind' in found) return sendProblem(reply, found);
    const answer = await context.claims.resume(no, found.isOnRecord);
    if (answer.kind === 'unavailable') return sendProblem(reply, engineDown());
    if (answer.kind === 'unknown') return sendProblem(reply, unknownClaimNumber(no));
    return { kind: answer.kind, claim: no };
  });

  const all = {
    tags,
    summary:
      'Look at every claim at once: what nothing runs is taken up, the others compare with the records',
    response: { 200: lookingSchema, ...problems },
  };
  routes.post('/claims/resume', { schema: all }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'resume-claims');
    if (barred) return sendProblem(reply, barred);
    const answer = await context.claims.lookAtAll();
    return answer.kind === 'unavailable' ? sendProblem(reply, engineDown()) : answer;
  });
}

async function standing(
  { database }: ApiContext,
  claim: string,
): Promise<{ isOnRecord: boolean } | ApiProblem> {
  const [stored, journal] = await Promise.all([storedClaim(database, claim), intactJournal(database, claim)]);
  if (journal.kind === 'broken')
    return problem(
      409,
      `The journal of ${claim} is broken at entry ${journal.at}, so it cannot be taken up; ` +
        'see "A claim’s journal differs" in the runbook.',
    );
  if (stored?.outcome !== undefined)
    return problem(409, `${claim} is closed (${stored.outcome}); reopen it to continue it.`);
  return { isOnRecord: journal.entries.length > 0 };
}
