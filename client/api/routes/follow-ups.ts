import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { must } from '../../../config/field-sentences.ts';
import { followUpOutcomes } from '../../../domain/claim/follow-ups.ts';
import type { StaffRole } from '../../../domain/people/people.ts';
import { followUpSettledSchema } from '../../own-api/schemas/work.ts';
import { settleFollowUp } from '../../../records/claims/follow-ups.ts';
import { colleagueOf, lacksAll } from '../authentication.ts';
import type { Desk } from '../desk.ts';
import { problem, problems, sendProblem } from '../problem.ts';
import { claimParams, fields, nameParam } from '../schemas.ts';

const whoMay: readonly StaffRole[] = ['operations', 'handler', 'hotline', 'supervisor'];

const body = fields({
  how: z.enum(followUpOutcomes, { error: must(`one of ${followUpOutcomes.join(', ')}`) }),
});

/** What came after a claim had closed: no workflow hears of it any more, so it is settled in the records. */
export function followUpRoutes(app: FastifyInstance, { database, log }: Desk): void {
  const schema = {
    tags: ['claims'],
    summary: 'Say how something that came after closing was seen to',
    params: claimParams.extend({ id: nameParam }),
    body,
    response: { 200: followUpSettledSchema, ...problems },
  };

  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/claims/:no/follow-ups/:id', { schema }, async (request, reply) => {
      const { no, id } = request.params;
      const colleague = colleagueOf(request);
      const barred = lacksAll(colleague, whoMay);
      if (barred) return sendProblem(reply, barred);
      const isSettled = await settleFollowUp(database, {
        claim: no,
        id,
        by: colleague.code,
        how: request.body.how,
      });
      if (!isSettled)
        return sendProblem(
          reply,
          problem(404, `Claim ${no} has nothing of that name to be seen to; the claim shows what there is.`),
        );
      log.info({ by: colleague.code, claim: no, followUp: id }, 'seen to');
      return { kind: 'settled' as const };
    });
}
