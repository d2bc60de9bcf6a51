import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { sentNotification } from '../../../../records/messages/notifications.ts';
import { letterPdf } from '../../../../wording/letter-pdf/letter-pdf.ts';
import { sentNotificationSchema } from '../../../own-api/schemas/messages.ts';
import type { ApiContext } from '../../context.ts';
import { problem, problems, sendProblem, type ApiProblem } from '../../problem.ts';
import { claimParams, nameParam } from '../../schemas.ts';
import { asDownload, barredFromReading, erased, readingQuery } from './access.ts';

const tags = ['personal'];
const config = { limit: 'personal' } as const;
const params = claimParams.extend({ id: nameParam });

export function notificationRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'The text of a notification',
    params,
    querystring: readingQuery,
    response: { 200: sentNotificationSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/claims/:no/notifications/:id', { schema, config }, async (request, reply) => {
      const { no, id } = request.params;
      const barred = await barredFromReading(context, request, {
        claim: no,
        datum: 'messages',
        of: id,
        what: 'notification',
        purpose: request.query.purpose,
      });
      if (barred) return sendProblem(reply, barred);
      const answer = await sentNotification(context.database, context.keyring, no, id);
      if (answer.kind === 'found') return answer.notification;
      const unknown = unknownName(no, 'notification', 'acknowledgement-1-sms');
      return sendProblem(reply, answer.kind === 'erased' ? erased() : unknown);
    });
}

export function letterRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'A letter as a PDF, to print and post',
    params,
    querystring: readingQuery,
    response: problems,
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/claims/:no/notifications/:id/letter.pdf', { schema, config }, async (request, reply) => {
      const { no, id } = request.params;
      const barred = await barredFromReading(context, request, {
        claim: no,
        datum: 'messages',
        of: id,
        what: 'letter',
        purpose: request.query.purpose,
      });
      if (barred) return sendProblem(reply, barred);
      const answer = await sentNotification(context.database, context.keyring, no, id);
      if (answer.kind === 'erased') return sendProblem(reply, erased());
      if (answer.kind === 'unknown' || answer.notification.channel !== 'letter')
        return sendProblem(reply, unknownName(no, 'letter', 'formal-notice-1-letter'));
      const { text, subject = '', locale } = answer.notification;
      return asDownload(reply, `${no}-${id}.pdf`)
        .type('application/pdf')
        .send(await letterPdf({ text, subject, language: locale }));
    });
}

const unknownName = (claim: string, what: string, example: string): ApiProblem =>
  problem(
    404,
    `Claim ${claim} has no ${what} of that name; the claim shows their names, such as ${example}.`,
  );
