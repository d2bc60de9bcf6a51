import { existsSync, readFileSync } from 'node:fs';
import Fastify from 'fastify';
import { z } from 'zod';
import type { StandIn } from '../stand-in/stand-in.ts';

interface PolicySourceOptions {
  port: number;
  host?: string;
  /** The bearer token that it asks for. */
  token: string;
  /** Policies in the format of imports, one a line. Read at each request, so that a line may be added. */
  file: string;
}

const row = z.looseObject({ number: z.string() });

/**
 * Starts a stand-in of a company's policy system. `GET /policies/NUMBER` answers the rows of that policy, or
 * 404. `POST /stand-in/away` with `{"away": true}` makes it answer 503 until it is back.
 */
export async function startPolicySourceStandIn(options: PolicySourceOptions): Promise<StandIn> {
  const { port, host = '127.0.0.1', token, file } = options;
  const app = Fastify({ forceCloseConnections: true });
  let isAway = false;
  app.post('/stand-in/away', (request, reply) => {
    isAway = z.object({ away: z.boolean() }).parse(request.body).away;
    return reply.send({ away: isAway });
  });
  app.get('/policies/:number', async (request, reply) => {
    if (isAway) return reply.code(503).send({ error: 'The policy system is away.' });
    if (request.headers.authorization !== `Bearer ${token}`)
      return reply.code(401).send({ error: 'The token is wrong.' });
    const { number } = z.object({ number: z.string() }).parse(request.params);
    const found = rowsIn(file).filter((each) => each.number.toUpperCase() === number.toUpperCase());
    return found.length > 0 ? found : reply.code(404).send({ error: 'There is no such policy.' });
  });
  const url = await app.listen({ port, host });
  return { url, stop: () => app.close() };
}

const rowsIn = (file: string): z.output<typeof row>[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line) => (line.trim() === '' ? [] : [row.parse(JSON.parse(line))]))
    : [];
