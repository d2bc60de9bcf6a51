import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readingRules } from '../../../../config/reading.ts';
import { noClaim } from '../../../../domain/claim/claims-named.ts';
import { onlyLooks } from '../../../../domain/people/permissions.ts';
import { isTakenBy, purposesOf } from '../../../../domain/people/reading.ts';
import { followUpsOnTelephone } from '../../../../records/claims/follow-ups.ts';
import { unknownTelephone } from '../../../../records/claims/unknown-telephones.ts';
import { telephoneSchema } from '../../../own-api/schemas/personal.ts';
import { companyOn, dayOf } from '../../../../records/staff/company.ts';
import type { Colleague } from '../../../../records/staff/staff.ts';
import { barredFrom, colleagueOf } from '../../authentication.ts';
import type { ApiContext } from '../../context.ts';
import { problem, problems, sendProblem, type ApiProblem } from '../../problem.ts';
import { nameParam } from '../../schemas.ts';
import { readingQuery, recorded } from './access.ts';

export function telephoneRoute(app: FastifyInstance, context: ApiContext): void {
  const { database, keyring } = context;
  const schema = {
    tags: ['personal'],
    summary: 'A telephone that stands in no claim, with its texts, the oldest first',
    params: z.object({ id: nameParam }),
    querystring: readingQuery,
    response: { 200: telephoneSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/telephones/:id', { schema, config: { limit: 'personal' } }, async (request, reply) => {
      const { id } = request.params;
      const colleague = colleagueOf(request);
      const barred = await barredFromTelephone(context, colleague, id, request.query.purpose);
      if (barred) return sendProblem(reply, barred);
      const found = await unknownTelephone(database, keyring, id);
      return found ?? sendProblem(reply, unknownTo());
    });
}

/** It is of no claim and no branch: the follow-up of operations is the need, else role and purpose. */
async function barredFromTelephone(
  context: ApiContext,
  by: Colleague,
  id: string,
  purpose: string | undefined,
): Promise<ApiProblem | undefined> {
  const { database } = context;
  const [company, followUps] = await Promise.all([
    companyOn(database, dayOf(new Date().toISOString())),
    followUpsOnTelephone(database, id),
  ]);
  const look = { by, claims: [], party: id, what: 'texts of a telephone' };
  if (followUps.some((each) => isTakenBy(by, each, company)))
    return recorded(context, { ...look, because: 'task', purpose: 'follow-up' });
  const barred = barredFrom(by, 'read-personal-data');
  if (barred) return barred;
  if ((await database.party.count({ where: { claim: noClaim, id } })) === 0) return unknownTo();
  if (onlyLooks(by)) return recorded(context, { ...look, because: 'audit', purpose: purpose ?? 'audit' });
  const own = purposesOf(by, readingRules);
  if (purpose === undefined || !own.includes(purpose)) {
    const sentence =
      `No task of ${by.code} is about ${id}, so a purpose is needed: ` +
      `--purpose with one of ${own.join(', ')}.`;
    return problem(403, sentence, { reason: 'purpose' });
  }
  return recorded(context, { ...look, because: 'branch', purpose });
}

const unknownTo = (): ApiProblem => problem(404, 'No unknown telephone of that name has written to us.');
