import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Keyring } from '../../security/keyring.ts';
import { openCursor, sealCursor } from '../../security/cursor.ts';
import { problem, type ApiProblem } from './problem.ts';

/** All lists have pages in the same way. A cursor is sealed, so only one of this list's own is read. */
export interface Pages {
  /** Links to the next page of the same list, from the end of this page (RFC 8288). */
  linkToNext(request: FastifyRequest, reply: FastifyReply, end: unknown): void;
  /** The end of the page before, in the query's `after`; undefined for the first page. */
  endBefore<End>(
    request: FastifyRequest,
    reads: (end: unknown) => End | undefined,
  ): End | ApiProblem | undefined;
}

export function pagesOf({ keyring }: { keyring: Keyring }): Pages {
  return {
    linkToNext(request, reply, end) {
      if (end === undefined) return;
      const { path, query } = addressOf(request);
      query.set('after', sealCursor(keyring, request.url, end));
      reply.header('link', `<${path}?${query}>; rel="next"`);
    },
    endBefore(request, reads) {
      const cursors = addressOf(request).query.getAll('after');
      const [cursor] = cursors;
      if (cursor === undefined) return undefined;
      const opened = cursors.length === 1 ? openCursor(keyring, request.url, cursor) : undefined;
      return (opened && reads(opened.end)) ?? noSuchPage();
    },
  };
}

export const noSuchPage = (): ApiProblem =>
  problem(
    400,
    'after must be the one in the Link header of the page before, with the same filters; ' +
      'without after the list begins anew.',
    { field: 'after' },
  );

const addressOf = ({ url }: FastifyRequest): { path: string; query: URLSearchParams } => {
  const [path = '', search = ''] = url.split('?');
  return { path, query: new URLSearchParams(search) };
};
