import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notesOf } from '../../../../records/claims/notes.ts';
import { noticeOf } from '../../../../records/inbox/notices.ts';
import { readContact } from '../../../../records/parties/contacts.ts';
import { contactSchema, keptNoticeSchema, noteSchema } from '../../../own-api/schemas/personal.ts';
import type { ApiContext } from '../../context.ts';
import { problem, problems, sendProblem } from '../../problem.ts';
import { claimParams, nameParam } from '../../schemas.ts';
import { barredFromReading, erased, readingQuery } from './access.ts';

const tags = ['personal'];
const config = { limit: 'personal' } as const;

export function contactRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'The contact of a party',
    params: claimParams.extend({ party: nameParam }),
    querystring: readingQuery,
    response: { 200: contactSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/claims/:no/parties/:party/contact', { schema, config }, async (request, reply) => {
      const { no, party } = request.params;
      const barred = await barredFromReading(context, request, {
        claim: no,
        datum: 'contact',
        of: party,
        party,
        what: 'contact',
        purpose: request.query.purpose,
      });
      if (barred) return sendProblem(reply, barred);
      const contact = await readContact(context.database, context.keyring, no, party);
      const unknown = `Claim ${no} has no party of that name; the claim shows their names, such as party-1.`;
      if (!contact) return sendProblem(reply, problem(404, unknown));
      return 'kind' in contact ? sendProblem(reply, erased()) : contact;
    });
}

export function noticeRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'The place and the description of the loss, from its notice',
    params: claimParams,
    querystring: readingQuery,
    response: { 200: keptNoticeSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/claims/:no/notice', { schema, config }, async (request, reply) => {
      const { no } = request.params;
      const barred = await barredFromReading(context, request, {
        claim: no,
        datum: 'notice',
        what: 'notice',
        purpose: request.query.purpose,
      });
      if (barred) return sendProblem(reply, barred);
      return (await noticeOf(context.database, context.keyring, no)) ?? sendProblem(reply, erased());
    });
}

export function notesRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'The notes of a claim, the oldest first',
    params: claimParams,
    querystring: readingQuery,
    response: { 200: z.array(noteSchema), ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/claims/:no/notes', { schema, config }, async (request, reply) => {
      const { no } = request.params;
      const barred = await barredFromReading(context, request, {
        claim: no,
        datum: 'notes',
        what: 'notes',
        purpose: request.query.purpose,
      });
      return barred ? sendProblem(reply, barred) : notesOf(context.database, context.keyring, no);
    });
}
