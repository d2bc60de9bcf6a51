import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { must, strictFields } from '../../../config/field-sentences.ts';
import { isClaimNumber } from '../../../domain/ids.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import { openedPieces } from '../../../records/archive/opening.ts';
import { openedPieceSchema, sealedPiece } from '../../own-api/schemas/retention.ts';
import { archiveName, archiveOf } from '../archiving.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { isProblem, problems, sendProblem, unknownClaimNumber } from '../problem.ts';
import { claimParams } from '../schemas.ts';
import { asDownload, barredFromReading, readingQuery } from './personal/access.ts';

const tags = ['archives'];

/** The archive of a claim, and what is personal in it. */
export function archiveRoutes(app: FastifyInstance, context: ApiContext): void {
  archiveRoute(app, context);
  openedRoute(app, context);
}

function archiveRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: actInWords('archive-claims'),
    params: claimParams,
    response: problems,
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/claims/:no/archive', { schema, config: { limit: 'personal' } }, async (request, reply) => {
      const { no } = request.params;
      const barred = barredFrom(colleagueOf(request), 'archive-claims');
      if (barred) return sendProblem(reply, barred);
      if (!isClaimNumber(no)) return sendProblem(reply, unknownClaimNumber(no));
      const archive = await archiveOf(context, request, no);
      if (isProblem(archive)) return sendProblem(reply, archive);
      return asDownload(reply, archiveName(no))
        .type('application/octet-stream')
        .send(Readable.from(archive.lines));
    });
}

/** Some tens of long texts. */
const mostPieces = 200;
const bodyLimit = 8 * 1024 * 1024;

function openedRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'Open what is sealed in an archive, for people who may read personal data',
    params: claimParams,
    querystring: readingQuery,
    body: strictFields({
      pieces: z.array(sealedPiece, { error: must('a list of what is sealed in an archive') }).max(mostPieces),
    }),
    response: { 200: z.array(openedPieceSchema), ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post(
      '/claims/:no/archive/opened',
      { schema, bodyLimit, config: { limit: 'personal' } },
      async (request, reply) => {
        const { no } = request.params;
        const barred = await barredFromReading(context, request, {
          claim: no,
          datum: 'archive',
          what: 'archive',
          purpose: request.query.purpose,
        });
        if (barred) return sendProblem(reply, barred);
        return openedPieces(context, no, request.body.pieces);
      },
    );
}
