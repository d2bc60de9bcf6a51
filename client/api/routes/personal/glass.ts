import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { strictFields } from '../../../../config/field-sentences.ts';
import { readingRules } from '../../../../config/reading.ts';
import { recordActs } from '../../../../domain/claim/acts.ts';
import { staffRoles } from '../../../../domain/people/people.ts';
import { actInWords, mayNot } from '../../../../domain/people/permissions.ts';
import { onLine } from '../../../../domain/people/takers.ts';
import { present } from '../../../../domain/present.ts';
import { instantOf } from '../../../../domain/time/time.ts';
import { followUpOnGlass } from '../../../../records/claims/follow-ups.ts';
import { keepGlassReason } from '../../../../records/claims/notes.ts';
import { membersOf } from '../../../../records/staff/members.ts';
import { recordCountedLook } from '../../../../records/parties/personal-looks.ts';
import { glassBrokenSchema } from '../../../own-api/schemas/looks.ts';
import { anyClaim } from '../../acting.ts';
import { colleagueOf } from '../../authentication.ts';
import type { ApiContext } from '../../context.ts';
import { isProblem, problem, problemOf, problems, sendProblem, type ApiProblem } from '../../problem.ts';
import { claimParams, text } from '../../schemas.ts';

const { glassMinutes, withoutTask } = readingRules;

/**
 * Opens the personal data of a claim for some minutes to a person who has no need that Lipei knows of. The
 * reason is kept, and a supervisor of the claim's branch gets a task to look at it.
 */
export function breakGlassRoute(app: FastifyInstance, context: ApiContext): void {
  const { database, keyring, log } = context;
  const { reason } = recordActs['break-glass'].fields;
  const schema = {
    tags: ['acts'],
    summary: actInWords('break-glass'),
    params: claimParams,
    body: strictFields({ reason: text(reason.help, reason.max) }),
    response: { 200: glassBrokenSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/claims/:no/acts/break-glass', { schema }, async (request, reply) => {
      const found = await anyClaim(context, request, request.params.no);
      if (isProblem(found)) return sendProblem(reply, found);
      const { claim } = found;
      const by = colleagueOf(request);
      const me = (await membersOf(database, staffRoles)).find(({ code }) => code === by.code);
      const barred = me && mayNot(onLine(me, claim), 'break-glass', claim);
      if (barred) return sendProblem(reply, problemOf(barred));
      const place = { claim: claim.number, branch: claim.branch, by: by.code };
      const note = await keepGlassReason(database, keyring, { ...place, text: request.body.reason });
      // The supervisor has the task before anybody reads anything.
      await followUpOnGlass(database, place);
      const look = { by, claims: [claim.number], what: 'glass', purpose: 'glass', ...present({ note }) };
      if (!(await recordCountedLook(database, { ...look, because: 'glass' }, withoutTask)))
        return sendProblem(reply, tooMany(by.code));
      log.warn({ by: by.code, claim: claim.number }, 'glass broken');
      return { kind: 'broken' as const, until: instantOf(Date.now() + glassMinutes * 60_000) };
    });
}

const tooMany = (code: string): ApiProblem =>
  problem(
    403,
    `${code} has broken ${withoutTask.glasses} glasses in ${withoutTask.hours} hours, which is the most; ` +
      'a supervisor of the branch sees this attempt too. Ask them to look, or to appoint you to the claim.',
    { reason: 'too-many' },
  );
