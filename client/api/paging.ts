import type { FastifyReply } from 'fastify';
import { cursorOf, type Cursor } from '../../records/claims/cursor.ts';
import { problem, type ApiProblem } from './problem.ts';

/** Links to the next page of the same query, from the end of this page (RFC 8288). */
export function linkToNext(reply: FastifyReply, url: string, next: string | undefined): void {
  if (!next) return;
  const [path = '', search = ''] = url.split('?');
  const query = new URLSearchParams(search);
  query.set('after', next);
  reply.header('link', `<${path}?${query}>; rel="next"`);
}

/** The cursor in a query's `after`; undefined for the first page. */
export function cursorIn(
  given: string | undefined,
  parts: Parameters<typeof cursorOf>[1],
): Cursor | ApiProblem | undefined {
  if (given === undefined) return undefined;
  return cursorOf(given, parts) ?? noSuchPage();
}

const noSuchPage = (): ApiProblem =>
  problem(400, 'after must be the one in the Link header of the page before.', { field: 'after' });
