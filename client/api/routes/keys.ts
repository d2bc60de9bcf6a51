import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { keySchema, rewrappedSchema } from '../../own-api/schemas/keys.ts';
import { keyUses, rewrapBatch } from '../../../records/keys/key-use.ts';
import { barredFrom, colleagueOf, mayNotAct } from '../authentication.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import type { ApiContext } from '../context.ts';
import { problem, problems, sendProblem } from '../problem.ts';
import { fields, text } from '../schemas.ts';
import { present } from '../../../domain/present.ts';

const where = z.object({ began: z.iso.datetime(), message: z.string().optional() });

/**
 * Which encryption keys are still needed, and for what; and wrapping anew what old ones wrap, so that they
 * may go.
 */
export function keyRoutes(app: FastifyInstance, { database, keyring, claims }: ApiContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/keys',
    {
      schema: {
        tags: ['records'],
        summary: actInWords('look-at-keys'),
        response: { 200: z.array(keySchema), ...problems },
      },
    },
    async (request, reply) => {
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
    },
  );

  const body = fields({ next: text('what the batch before answered', 500).optional() });
  const response = {
    200: rewrappedSchema,
    ...problems,
  };
  routes.post(
    '/keys/rewrap',
    {
      schema: {
        tags: ['records'],
        summary: actInWords('rewrap-keys'),
        description: 'A batch at a time; again with next until there is none',
        body,
        response,
      },
    },
    async (request, reply) => {
      const barred = mayNotAct(colleagueOf(request)) ?? barredFrom(colleagueOf(request), 'rewrap-keys');
      if (barred) return sendProblem(reply, barred);
      const from =
        request.body.next === undefined ? { began: new Date().toISOString() } : placeIn(request.body.next);
      if (!from)
        return sendProblem(
          reply,
          problem(400, 'next must be what the batch before answered.', { field: 'next' }),
        );
      const done = await rewrapBatch(database, keyring, {
        began: from.began,
        ...present({ message: from.message }),
      });
      if (done.kind === 'not-newest')
        return sendProblem(
          reply,
          problem(
            409,
            `The API encrypts with ${keyring.newest.id}, and others with ${done.newest}, which is newer: start all programs again first.`,
          ),
        );
      const { next, ...counts } = done;
      return {
        ...counts,
        ...present({ next: next ? Buffer.from(JSON.stringify(next)).toString('base64url') : undefined }),
      };
    },
  );
}

function placeIn(next: string): z.infer<typeof where> | undefined {
  try {
    return where.safeParse(JSON.parse(Buffer.from(next, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
