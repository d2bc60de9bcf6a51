import { strictFields } from '../../../config/field-sentences.ts';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actInWords } from '../../../domain/people/permissions.ts';
import { present } from '../../../domain/present.ts';
import { openCursor, sealCursor } from '../../../security/cursor.ts';
import type { Keyring } from '../../../security/keyring.ts';
import { keyUses, rewrapBatch } from '../../../records/keys/key-use.ts';
import { keySchema, rewrappedSchema } from '../../own-api/schemas/keys.ts';
import { barredFrom, colleagueOf, mayNotAct } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { problem, problems, sendProblem } from '../problem.ts';
import { text } from '../schemas.ts';

const tags = ['records'];

/** The use of each encryption key, and rewrapping with the newest key, so that an old key can be removed. */
export function keyRoutes(app: FastifyInstance, context: ApiContext): void {
  keyUseRoute(app, context);
  rewrapRoute(app, context);
}

function keyUseRoute(app: FastifyInstance, { database, keyring, claims }: ApiContext): void {
  const schema = {
    tags,
    summary: actInWords('look-at-keys'),
    response: { 200: z.array(keySchema), ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/keys', { schema }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'look-at-keys');
    if (barred) return sendProblem(reply, barred);
    const uses = await keyUses(database, keyring);
    return Promise.all(
      uses.map(async ({ until, ...use }) => ({
        ...use,
        encrypts: use.id === keyring.newest.id,
        histories: until === null ? 0 : await claims.runsBegunBy(until),
      })),
    );
  });
}

function rewrapRoute(app: FastifyInstance, { database, books, keyring }: ApiContext): void {
  const nextRight = 'the next of the answer before';
  const schema = {
    tags,
    summary: actInWords('rewrap-keys'),
    description: 'Rewraps one batch. Repeat it with next of the answer until there is none',
    body: strictFields({ next: text(nextRight, 500).optional() }),
    response: { 200: rewrappedSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().post('/keys/rewrap', { schema }, async (request, reply) => {
    const barred = mayNotAct(colleagueOf(request)) ?? barredFrom(colleagueOf(request), 'rewrap-keys');
    if (barred) return sendProblem(reply, barred);
    const { next: given } = request.body;
    const from = given === undefined ? { began: new Date().toISOString() } : placeIn(keyring, given);
    if (!from) return sendProblem(reply, problem(400, `next must be ${nextRight}.`, { field: 'next' }));
    const batch = await rewrapBatch({ database, books }, keyring, from);
    if (batch.kind === 'not-newest')
      return sendProblem(reply, problem(409, notNewest(keyring.newest.id, batch.newest)));
    const { next, ...counts } = batch;
    return { ...counts, ...present({ next: next && sealCursor(keyring, list, next) }) };
  });
}

const notNewest = (ours: string, newest: string): string =>
  `The API encrypts with ${ours}, and others with ${newest}, which is newer: start all programs again first.`;

const place = z.object({ began: z.iso.datetime() });
type Place = z.infer<typeof place>;

const list = '/keys/rewrap';

const placeIn = (keyring: Keyring, next: string): Place | undefined =>
  place.safeParse(openCursor(keyring, list, next)?.end).data;
