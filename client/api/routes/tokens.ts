import { strictFields } from '../../../config/field-sentences.ts';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { revokedSchema } from '../../own-api/schemas/keys.ts';
import { revokeToken } from '../../../records/staff/staff.ts';
import { barredFrom, colleagueOf, mayNotAct } from '../authentication.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import type { ApiContext } from '../context.ts';
import { problems, sendProblem } from '../problem.ts';
import { text } from '../schemas.ts';

/** Revokes a lost token: in this process at once, in others within ten seconds. */
export function tokenRoutes(app: FastifyInstance, { database, staff }: ApiContext): void {
  const schema = {
    tags: ['tokens'],
    summary: actInWords('revoke-tokens'),
    body: strictFields({ id: text('the id of a token (its jti)', 100) }),
    response: { 200: revokedSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().post('/tokens/revoked', { schema }, async (request, reply) => {
    const colleague = colleagueOf(request);
    const barred = mayNotAct(colleague) ?? barredFrom(colleague, 'revoke-tokens');
    if (barred) return sendProblem(reply, barred);
    const { id } = request.body;
    await revokeToken(database, id, colleague.code);
    await staff.refresh();
    return { kind: 'revoked' as const, id };
  });
}
