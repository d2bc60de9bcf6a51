import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actInWords } from '../../../domain/people/permissions.ts';
import { present } from '../../../domain/present.ts';
import { instantOf } from '../../../domain/time/time.ts';
import { drawSample, type Population } from '../../../records/claims/sample.ts';
import { keepLine, signedLines } from '../../../records/journal/signed-lines.ts';
import { keptSampleSchema, sampleBody, sampleSchema } from '../../own-api/schemas/records.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { isProblem, problem, problems, sendProblem } from '../problem.ts';
import { signAct } from '../signing.ts';

const act = 'sample-claims';

/**
 * Auditors draw closed claims at random (S13). The draw is a signed line before it is answered, so that
 * nobody can draw until a sample pleases and show the last one alone.
 */
export function sampleRoutes(app: FastifyInstance, context: ApiContext): void {
  drawnRoute(app, context);
  const schema = {
    tags: ['records'],
    summary: actInWords(act),
    body: sampleBody,
    response: { 200: sampleSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().post('/records/samples', { schema }, async (request, reply) => {
    const person = colleagueOf(request);
    const barred = barredFrom(person, act);
    if (barred) return sendProblem(reply, barred);
    const { count, seed: given, closedTo, ...filter } = request.body;
    const now = instantOf(Date.now());
    if (closedTo !== undefined && Date.parse(closedTo) > Date.parse(now))
      return sendProblem(reply, fromTheFuture());
    const of: Population = { ...present(filter), closedTo: closedTo ?? now };
    const seed = given ?? randomBytes(16).toString('hex');
    const sample = await drawSample(context.database, of, { count, seed });
    const drawn = { seed, seedFrom: given === undefined ? ('random' as const) : ('given' as const), of };
    const { population, populationHash, claims } = sample;
    const fields = { ...drawn, count, population, populationHash, claims: claims.map(({ claim }) => claim) };
    const signed = await signAct(context, request, { claim: '', act, id: randomUUID(), fields });
    if (isProblem(signed)) return sendProblem(reply, signed);
    const before = await signedLines(context.database, { act });
    const { at } = whenSigned.parse(JSON.parse(signed.proof.signed));
    await keepLine(context.database, { at, by: person.code, act, proof: signed.proof });
    return { ...drawn, ...sample, drawnBefore: before.filter(({ by }) => by === person.code).length };
  });
}

/** Every sample that was drawn, the oldest first. */
function drawnRoute(app: FastifyInstance, { database }: ApiContext): void {
  const schema = {
    tags: ['records'],
    summary: 'Every sample that was drawn, as it was signed',
    response: { 200: z.array(keptSampleSchema), ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/records/samples', { schema }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'check-records');
    if (barred) return sendProblem(reply, barred);
    const lines = await signedLines(database, { act });
    return lines.map(({ at, by, proof }) => ({
      ...whatSigned.parse(JSON.parse(proof.signed)).fields,
      at,
      by,
    }));
  });
}

const whatSigned = z.object({ fields: keptSampleSchema.omit({ at: true, by: true }) });

const whenSigned = z.object({ at: z.string() });

const fromTheFuture = () =>
  problem(422, 'closedTo must be a time in the past: claims that close later would change the sample.', {
    field: 'closedTo',
  });
