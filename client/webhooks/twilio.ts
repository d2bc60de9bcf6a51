import type { FastifyInstance } from 'fastify';
import { readSmsStatus, twilioSignatureMatches } from '../../activities/outside/sms.ts';
import type { Desk } from '../api/desk.ts';
import { problem, sendProblem } from '../api/problem.ts';
import { keepReceipt } from '../records/deliveries.ts';

const path = '/webhooks/twilio/status';

/**
 * Delivery receipts from Twilio. What it signs is the address that it was given and every field of its form, so the configured
 * address counts, never the one in the request's headers. The message's reference is in the query, which the signature covers.
 */
export async function twilioWebhook(app: FastifyInstance, { database, publicUrl, twilioTokens }: Desk): Promise<void> {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 64 * 1024 }, (_, body, done) => done(null, String(body)));

  app.post<{ Body: string }>(path, { config: { open: true }, schema: { hide: true } }, async (request, reply) => {
    const form = Object.fromEntries(new URLSearchParams(typeof request.body === 'string' ? request.body : ''));
    const search = new URL(request.url, publicUrl).search;
    const signature = String(request.headers['x-twilio-signature'] ?? '');
    if (!twilioTokens.some((token) => twilioSignatureMatches(token, `${publicUrl}${path}${search}`, form, signature))) return sendProblem(reply, problem(403, 'The signature is not Twilio\'s for this address and form.'));
    const status = readSmsStatus(form);
    const reference = new URLSearchParams(search).get('s');
    if (!status || !reference) return sendProblem(reply, problem(400, 'A delivery receipt has MessageSid and a known MessageStatus in its form, and s in its address.'));
    const kept = await keepReceipt(database, reference, status);
    return kept ? reply.code(204).send() : sendProblem(reply, problem(404, 'There is no message with the reference in s.'));
  });
}
