import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { attachmentsOf, sealedAttachment } from '../../../../records/claims/attachments.ts';
import { attachmentSchema } from '../../../own-api/schemas/personal.ts';
import type { ApiContext } from '../../context.ts';
import { problem, problems, sendProblem } from '../../problem.ts';
import { claimParams, nameParam } from '../../schemas.ts';
import { asDownload, barredFromReading, erased, readingQuery } from './access.ts';

const tags = ['personal'];
const config = { limit: 'personal' } as const;

export function attachmentsRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'The attachments of a claim, the oldest first',
    params: claimParams,
    querystring: readingQuery,
    response: { 200: z.array(attachmentSchema), ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/claims/:no/attachments', { schema, config }, async (request, reply) => {
      const { no } = request.params;
      const barred = await barredFromReading(context, request, {
        claim: no,
        datum: 'papers',
        what: 'attachments',
        purpose: request.query.purpose,
      });
      return barred ? sendProblem(reply, barred) : attachmentsOf(context.database, no);
    });
}

export function attachmentRoute(app: FastifyInstance, context: ApiContext): void {
  const { database, keyring, attachments } = context;
  const schema = {
    tags,
    summary: 'The bytes of an attachment',
    params: claimParams.extend({ sha256: nameParam }),
    querystring: readingQuery,
    response: problems,
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/claims/:no/attachments/:sha256', { schema, config }, async (request, reply) => {
      const { no, sha256 } = request.params;
      const kept = (await attachmentsOf(database, no)).find((each) => each.sha256 === sha256);
      const barred = await barredFromReading(context, request, {
        claim: no,
        datum: 'papers',
        of: kept?.document ?? sha256,
        what: 'attachment',
        purpose: request.query.purpose,
      });
      if (barred) return sendProblem(reply, barred);
      const sealed = await sealedAttachment(database, keyring, no, sha256);
      if (sealed.kind === 'erased') return sendProblem(reply, erased());
      const opened = sealed.kind === 'found' ? await attachments.open(sealed) : undefined;
      if (sealed.kind !== 'found' || opened?.kind !== 'found')
        return sendProblem(reply, problem(404, `Claim ${no} has no such attachment.`));
      return asDownload(reply, sha256)
        .type(sealed.type)
        .header('content-length', opened.size)
        .send(opened.stream);
    });
}
