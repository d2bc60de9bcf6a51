import type { FastifyReply } from 'fastify';
import { problem, type ApiProblem } from './problem.ts';

/** The same wish, from where this page ended (RFC 8288). */
export function linkToNext(reply: FastifyReply, url: string, next: string | undefined): void {
  if (!next) return;
  const [path = '', search = ''] = url.split('?');
  const query = new URLSearchParams(search);
  query.set('after', next);
  reply.header('link', `<${path}?${query}>; rel="next"`);
}

export const noSuchPage = (): ApiProblem =>
  problem(400, 'after must be what the Link header of the page before says.', { field: 'after' });
