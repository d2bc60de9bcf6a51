import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { recordLook } from '../../../../records/parties/personal-looks.ts';
import { unknownTelephone } from '../../../../records/claims/unknown-telephones.ts';
import { telephoneSchema } from '../../../own-api/schemas/personal.ts';
import { barredFrom, colleagueOf } from '../../authentication.ts';
import type { ApiContext } from '../../context.ts';
import { problem, problems, sendProblem } from '../../problem.ts';
import { nameParam } from '../../schemas.ts';

export function telephoneRoute(app: FastifyInstance, { database, keyring, log }: ApiContext): void {
  const schema = {
    tags: ['personal'],
    summary: 'A telephone that stands in no claim, with its texts, the oldest first',
    params: z.object({ id: nameParam }),
    response: { 200: telephoneSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/telephones/:id', { schema, config: { limit: 'personal' } }, async (request, reply) => {
      const { id } = request.params;
      const colleague = colleagueOf(request);
      const barred = barredFrom(colleague, 'read-personal-data');
      if (barred) return sendProblem(reply, barred);
      await recordLook(database, { by: colleague, claims: [], what: 'texts of a telephone' });
      log.info({ by: colleague.code, telephone: id, what: 'texts' }, 'personal data read');
      const found = await unknownTelephone(database, keyring, id);
      return (
        found ?? sendProblem(reply, problem(404, 'No unknown telephone of that name has written to us.'))
      );
    });
}
