import type { FastifyInstance, FastifyRequest } from 'fastify';
import { contactHashing } from '../../../records/keys/contact-key.ts';
import { readSmsStatus } from '../../../providers/twilio/delivery-report.ts';
import { readText, type Text } from '../../../providers/twilio/inbound-text.ts';
import { twilioSignatureMatches } from '../../../providers/twilio/signature.ts';
import { webhookPaths } from '../../../config/webhook-paths.ts';
import { instantOf } from '../../../domain/time/time.ts';
import type { Desk } from '../desk.ts';
import { problem, sendProblem } from '../problem.ts';
import { keepReceipt } from '../../../records/messages/deliveries.ts';
import { keepForClaim } from '../../../records/inbox/inbox.ts';
import { keepLetterOf } from '../../../records/claims/notes.ts';
import { contactTurns, lastWrittenTo, reachedAt } from '../../../records/messages/standing.ts';
import type { Postman } from './postman.ts';

/**
 * Twilio's callbacks. What it signs is the address that it was given and every field of its form, so the
 * configured address counts,
 * never the one in the request's headers. What came in is kept first, then answered, then told to the claim.
 */
export async function twilioWebhook(app: FastifyInstance, desk: Desk, postman: Postman): Promise<void> {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 64 * 1024 },
    (_, body, done) => done(null, String(body)),
  );
  const options = { config: { open: true }, schema: { hide: true } };

  app.post<{ Body: string }>(webhookPaths.twilioStatus, options, async (request, reply) => {
    const form = signedForm(desk, request, webhookPaths.twilioStatus);
    if (!form) return sendProblem(reply, forged());
    const status = readSmsStatus(form);
    const reference = searchOf(desk, request).get('s');
    // Twilio's own, but about a message that we did not send so, or in a word that it has learnt since: it
    // need not repeat it.
    if (!status || !reference) {
      request.log.warn(
        {
          sid: String(form['MessageSid'] ?? '').slice(0, 40),
          status: String(form['MessageStatus'] ?? '').slice(0, 40),
        },
        'a receipt that says nothing to us',
      );
      return reply.code(204).send();
    }
    const id = `twilio:${status.providerId}:${status.status}`;
    const kept = await keepReceipt(desk.database, desk.keyring, {
      ...status,
      id,
      reference,
      at: instantOf(Date.now()),
    });
    // Twilio need not repeat what nobody here will ever know.
    if (kept === 'unknown') request.log.warn({ sid: status.providerId }, 'a receipt for no message of ours');
    await reply.code(204).send();
    if (kept === 'to-tell') await told(request, postman, id);
    return reply;
  });

  app.post<{ Body: string }>(webhookPaths.twilioInbound, options, async (request, reply) => {
    const form = signedForm(desk, request, webhookPaths.twilioInbound);
    if (!form) return sendProblem(reply, forged());
    const text = readText(form);
    if (!text) return sendProblem(reply, problem(400, 'A text has MessageSid, From and Body in its form.'));
    const ids = await keepText(desk, text);
    // Twilio itself answers STOP and START; anything that we answered here would be one more text.
    await reply.code(200).type('text/xml').send('<Response/>');
    await told(request, postman, ...ids);
    return reply;
  });
}

const forged = () => problem(403, "The signature is not Twilio's for this address and form.");

function signedForm(
  { publicUrl, twilioTokens }: Desk,
  request: FastifyRequest<{ Body: string }>,
  path: string,
): Record<string, string> | undefined {
  const form = Object.fromEntries(new URLSearchParams(typeof request.body === 'string' ? request.body : ''));
  const address = `${publicUrl}${path}${new URL(request.url, publicUrl).search}`;
  const signature = String(request.headers['x-twilio-signature'] ?? '');
  return twilioTokens.some((token) => twilioSignatureMatches(token, address, form, signature))
    ? form
    : undefined;
}

const searchOf = ({ publicUrl }: Desk, { url }: FastifyRequest): URLSearchParams =>
  new URL(url, publicUrl).searchParams;

/** Answered already: whatever fails now, a later round tells. */
async function told({ log }: FastifyRequest, postman: Postman, ...ids: string[]): Promise<void> {
  try {
    await postman.tell(...ids);
  } catch {
    log.warn('what came in is told to its claim later');
  }
}

/**
 * An opt-out holds from here on for every claim; anything else that somebody writes is for the handler of the
 * claim that we last wrote to them about, or for operations where that has closed. Gives what claims are to
 * be told.
 */
async function keepText({ database, keyring, log }: Desk, { id, from, body, asks }: Text): Promise<string[]> {
  const hashContact = await contactHashing(database, keyring);
  const contact = hashContact(from);
  const key = `twilio:${id}`;
  if (asks) {
    const reached = await contactTurns(database, keyring, {
      id: key,
      contact,
      channel: 'sms',
      kind: asks,
      source: `text: ${body.trim().slice(0, 20)}`,
      by: 'customer',
    });
    return reached.map(({ claim, party }) => `${key}:${claim}:${party}`);
  }
  const [open] = await reachedAt(database, keyring, contact, 'sms');
  const last = open ?? (await lastWrittenTo(database, contact));
  const note = last && (await keepLetterOf(database, keyring, { ...last, id: key, text: body }));
  if (!last || !note) {
    log.warn({ sid: id }, 'a text from nobody whom we have written to');
    return [];
  }
  await keepForClaim(
    database,
    { id: key, claim: last.claim, name: 'text-arrived', fields: { party: last.party, note } },
    'text',
  );
  return [key];
}
