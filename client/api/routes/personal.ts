import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isClaimNumber } from '../../../domain/ids.ts';
import type { Access } from '../../../domain/people/permissions.ts';
import { sentNotificationSchema } from '../../own-api/schemas/messages.ts';
import {
  attachmentSchema,
  contactSchema,
  keptNoticeSchema,
  noteSchema,
} from '../../own-api/schemas/personal.ts';
import { attachmentsOf, belongsTo } from '../../../records/claims/attachments.ts';
import { isOnRecord } from '../../../records/claims/stored-claim.ts';
import { readContact } from '../../../records/parties/contacts.ts';
import { notesOf } from '../../../records/claims/notes.ts';
import { noticeOf } from '../../../records/inbox/notices.ts';
import { letterPdf } from '../../../wording/letter-pdf/letter-pdf.ts';
import { sentNotification } from '../../../records/messages/notifications.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { problem, problems, sendProblem, unknownClaimNumber, type ApiProblem } from '../problem.ts';
import { claimParams, nameParam } from '../schemas.ts';

/**
 * The personal side of a claim: only for those whose work it is, and every look is in the log, by staff code.
 */
export function personalRoutes(app: FastifyInstance, context: ApiContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const { database, keyring, attachments } = context;
  const tags = ['personal'];

  routes.get(
    '/claims/:no/notifications/:id',
    {
      schema: {
        tags,
        summary: 'What a notification said',
        params: claimParams.extend({ id: nameParam }),
        response: { 200: sentNotificationSchema, ...problems },
      },
    },
    async (request, reply) => {
      const { no, id } = request.params;
      const barred = await door(context, request, no, 'read-messages', 'notification');
      if (barred) return sendProblem(reply, barred);
      const answer = await sentNotification(database, keyring, no, id);
      if (answer.kind === 'found') return answer.notification;
      return sendProblem(
        reply,
        answer.kind === 'erased'
          ? erased()
          : problem(
              404,
              `Claim ${no} has no notification of that name; the claim shows their names, such as acknowledgement-1-sms.`,
            ),
      );
    },
  );

  routes.get(
    '/claims/:no/notifications/:id/letter.pdf',
    {
      schema: {
        tags,
        summary: 'A letter, to be printed and posted',
        params: claimParams.extend({ id: nameParam }),
        response: problems,
      },
    },
    async (request, reply) => {
      const { no, id } = request.params;
      const barred = await door(context, request, no, 'read-messages', 'letter');
      if (barred) return sendProblem(reply, barred);
      const answer = await sentNotification(database, keyring, no, id);
      if (answer.kind === 'erased') return sendProblem(reply, erased());
      if (answer.kind === 'unknown' || answer.notification.channel !== 'letter')
        return sendProblem(
          reply,
          problem(
            404,
            `Claim ${no} has no letter of that name; the claim shows their names, such as formal-notice-1-letter.`,
          ),
        );
      const { text, subject = '', locale } = answer.notification;
      return asDownload(reply, `${no}-${id}.pdf`)
        .type('application/pdf')
        .send(await letterPdf({ text, subject, language: locale }));
    },
  );

  routes.get(
    '/claims/:no/parties/:party/contact',
    {
      schema: {
        tags,
        summary: 'How a party is reached',
        params: claimParams.extend({ party: nameParam }),
        response: { 200: contactSchema, ...problems },
      },
    },
    async (request, reply) => {
      const { no, party } = request.params;
      const barred = await door(context, request, no, 'read-personal-data', 'contact');
      if (barred) return sendProblem(reply, barred);
      const contact = await readContact(database, keyring, no, party);
      if (!contact)
        return sendProblem(
          reply,
          problem(
            404,
            `Claim ${no} has no party of that name; the claim shows their names, such as party-1.`,
          ),
        );
      return 'kind' in contact ? sendProblem(reply, erased()) : contact;
    },
  );

  routes.get(
    '/claims/:no/notice',
    {
      schema: {
        tags,
        summary: 'What the notice of loss said in words',
        params: claimParams,
        response: { 200: keptNoticeSchema, ...problems },
      },
    },
    async (request, reply) => {
      const { no } = request.params;
      const barred = await door(context, request, no, 'read-personal-data', 'notice');
      if (barred) return sendProblem(reply, barred);
      return (await noticeOf(database, keyring, no)) ?? sendProblem(reply, erased());
    },
  );

  routes.get(
    '/claims/:no/notes',
    {
      schema: {
        tags,
        summary: 'The notes of a claim, the oldest first',
        params: claimParams,
        response: { 200: z.array(noteSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { no } = request.params;
      const barred = await door(context, request, no, 'read-personal-data', 'notes');
      return barred ? sendProblem(reply, barred) : notesOf(database, keyring, no);
    },
  );

  routes.get(
    '/claims/:no/attachments',
    {
      schema: {
        tags,
        summary: 'The attachments of a claim, the oldest first',
        params: claimParams,
        response: { 200: z.array(attachmentSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { no } = request.params;
      const barred = await door(context, request, no, 'read-personal-data', 'attachments');
      return barred ? sendProblem(reply, barred) : attachmentsOf(database, no);
    },
  );

  routes.get(
    '/claims/:no/attachments/:sha256',
    {
      schema: {
        tags,
        summary: 'The bytes of an attachment',
        params: claimParams.extend({ sha256: nameParam }),
        response: problems,
      },
    },
    async (request, reply) => {
      const { no, sha256 } = request.params;
      const barred = await door(context, request, no, 'read-personal-data', 'attachment');
      if (barred) return sendProblem(reply, barred);
      const opened = (await belongsTo(database, no, sha256)) ? await attachments.open(sha256) : undefined;
      if (opened?.kind !== 'found')
        return sendProblem(reply, problem(404, `Claim ${no} has no such attachment.`));
      return asDownload(reply, sha256)
        .type(opened.type)
        .header('content-length', opened.size)
        .send(opened.stream);
    },
  );
}

const erased = (): ApiProblem =>
  problem(404, 'It is not there any more: the personal data have been erased.');

/** May they look, and is there such a claim? */
async function door(
  { database, log }: ApiContext,
  request: FastifyRequest,
  claim: string,
  access: Access,
  what: string,
): Promise<ApiProblem | undefined> {
  const colleague = colleagueOf(request);
  const barred = barredFrom(colleague, access);
  if (barred) return barred;
  if (!isClaimNumber(claim) || !(await isOnRecord(database, claim))) return unknownClaimNumber(claim);
  log.info({ by: colleague.code, claim, what }, 'personal data read');
  return undefined;
}

/** A customer's file never runs as a page of ours. */
const asDownload = (reply: FastifyReply, name: string): FastifyReply =>
  reply.header('content-disposition', `attachment; filename="${name}"`);
