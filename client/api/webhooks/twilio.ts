import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Database } from '../../../records/database.ts';
import { contactHashing } from '../../../records/keys/contact-key.ts';
import { readSmsStatus } from '../../../providers/twilio/delivery-report.ts';
import { answerToText } from '../../../providers/twilio/answer.ts';
import { readText, type Text } from '../../../providers/twilio/inbound-text.ts';
import { twilioSignatureMatches } from '../../../providers/twilio/signature.ts';
import { countryOfPhone } from '../../../config/notice/party-fields.ts';
import { webhookPaths } from '../../../config/webhook-paths.ts';
import { instantOf } from '../../../domain/time/time.ts';
import { templatesFolder } from '../../../wording/renderer/renderer.ts';
import { helpAnswers } from '../../../wording/renderer/text-answers.ts';
import type { ApiContext } from '../context.ts';
import { problem, sendProblem } from '../problem.ts';
import { keepDeliveryReport } from '../../../records/messages/deliveries.ts';
import { keepForClaim, isInInbox } from '../../../records/inbox/inbox.ts';
import { keepLetterOf } from '../../../records/claims/notes.ts';
import { keepUnknownText } from '../../../records/claims/unknown-telephones.ts';
import { contactTurns, isLost, lastWrittenTo, reachedAt } from '../../../records/messages/contact-status.ts';
import type { Postman } from './postman.ts';

/**
 * Twilio's callbacks. Twilio signs the address that it was given and every field of its form. So the
 * configured address is checked, never the one in the request's headers. A message is kept first, then
 * answered, then forwarded to the claim.
 */
export async function twilioWebhook(
  app: FastifyInstance,
  context: ApiContext,
  postman: Postman,
): Promise<void> {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 64 * 1024 },
    (_, body, done) => done(null, String(body)),
  );
  statusRoute(app, context, postman);
  inboundRoute(app, context, postman, helpAnswers(templatesFolder));
}

const options = { config: { open: true, limit: 'webhook' as const }, schema: { hide: true } };

function statusRoute(app: FastifyInstance, context: ApiContext, postman: Postman): void {
  app.post<{ Body: string }>(webhookPaths.twilioStatus, options, async (request, reply) => {
    const form = signedForm(context, request, webhookPaths.twilioStatus);
    if (!form) return sendProblem(reply, (await app.tooMany(request, 'failed')) ?? forged());
    const status = readSmsStatus(form);
    const reference = searchOf(context, request).get('s');
    // It is from Twilio, but about a message that we did not send, or with a new status. Twilio need not
    // repeat it.
    if (!status || !reference) {
      request.log.warn(shortened(form), 'a delivery report without a known status or message');
      return reply.code(204).send();
    }
    const id = `twilio:${status.providerId}:${status.status}`;
    const report = { ...status, id, reference, at: instantOf(Date.now()) };
    const kept = await keepDeliveryReport(context.database, context.keyring, report);
    // Twilio need not repeat a report that we can never match.
    if (kept === 'unknown')
      request.log.warn({ sid: status.providerId }, 'a delivery report for no message of ours');
    await reply.code(204).send();
    if (kept === 'to-forward') await forward(request, postman, id);
    return reply;
  });
}

const shortened = (form: Record<string, string>) => ({
  sid: String(form['MessageSid'] ?? '').slice(0, 40),
  status: String(form['MessageStatus'] ?? '').slice(0, 40),
});

function inboundRoute(
  app: FastifyInstance,
  context: ApiContext,
  postman: Postman,
  answers: ReturnType<typeof helpAnswers>,
): void {
  const help = ({ from, language }: Text): string =>
    answers({ language: language ?? 'en', country: countryOfPhone(from) });
  app.post<{ Body: string }>(webhookPaths.twilioInbound, options, async (request, reply) => {
    const form = signedForm(context, request, webhookPaths.twilioInbound);
    if (!form) return sendProblem(reply, (await app.tooMany(request, 'failed')) ?? forged());
    const text = readText(form);
    if (!text) return sendProblem(reply, problem(400, 'A text has MessageSid, From and Body in its form.'));
    const ids = await keepText(context, text);
    // Twilio itself answers STOP and START. An answer here would be one more text.
    const words = text.keyword === 'help' && !text.isAnswered ? help(text) : undefined;
    await reply.code(200).type('text/xml').send(answerToText(words));
    await forward(request, postman, ...ids);
    return reply;
  });
}

const forged = () => problem(403, "The signature is not Twilio's for this address and form.");

function signedForm(
  { publicUrl, twilioTokens }: ApiContext,
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

const searchOf = ({ publicUrl }: ApiContext, { url }: FastifyRequest): URLSearchParams =>
  new URL(url, publicUrl).searchParams;

/** Twilio has its answer already. A later round repeats what fails now. */
async function forward({ log }: FastifyRequest, postman: Postman, ...ids: string[]): Promise<void> {
  try {
    await postman.forward(...ids);
  } catch {
    log.warn('the message is forwarded to its claim later');
  }
}

/**
 * Keeps a text. An opt-out is valid for every claim from now on. Any other text is for the handler of the
 * claim that we last sent a message about, or for operations if that claim has closed, or if we have sent
 * nothing to the number. Gives the ids of the messages to forward.
 */
async function keepText(context: ApiContext, text: Text): Promise<string[]> {
  const { database, keyring } = context;
  const hashContact = await contactHashing(database, keyring);
  const contact = hashContact(text.from);
  const key = `twilio:${text.id}`;
  if (text.keyword === 'help') return [];
  if (text.keyword === 'stop' || (text.keyword === 'start' && (await isOptIn(database, contact, key))))
    return keepKeyword(context, text, contact, key);
  const [open] = await reachedAt(database, keyring, contact, 'sms');
  const last = open ?? (await lastWrittenTo(database, contact));
  const note = last && (await keepLetterOf(database, keyring, { ...last, id: key, text: text.body }));
  if (!last || !note) {
    await keepUnknownText(database, keyring, { id: key, from: text.from, text: text.body });
    context.log.info({ sid: text.id }, 'a text from an unknown telephone is on the list of operations');
    return [];
  }
  await keepForClaim(
    database,
    { id: key, claim: last.claim, name: 'text-arrived', fields: { party: last.party, note } },
    'text',
  );
  return [key];
}

/** Only a telephone that gets no texts opts in. For all others "yes" is an answer to a question. */
const isOptIn = async (database: Database, contact: string, id: string): Promise<boolean> =>
  (await isLost(database, contact, 'sms')) || (await isInInbox(database, id));

async function keepKeyword(
  { database, keyring }: ApiContext,
  { keyword, body }: Text,
  contact: string,
  id: string,
): Promise<string[]> {
  const reached = await contactTurns(database, keyring, {
    id,
    contact,
    channel: 'sms',
    kind: keyword === 'stop' ? 'opted-out' : 'opted-in',
    source: `text: ${body.trim().slice(0, 20)}`,
    by: 'customer',
  });
  return reached.map(({ claim, party }) => `${id}:${claim}:${party}`);
}
