import { createHash, timingSafeEqual } from 'node:crypto';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { commonFaults, type Fault, type FaultScript } from '../stand-in/fault-script.ts';
import { asAgreed, create, fetchOne, list, refusal } from './contract.ts';
import { deliver, type SmsDesk } from './delivery.ts';
import { listPage } from './list.ts';
import { type Message, outbound } from './messages.ts';
import { accountPath, present } from './presentation.ts';
import { type Objection, objectionTo } from './rules.ts';

/** A form or a query, with one value for each name. */
export const formSchema = z.record(z.string(), z.string()).catch({});

/**
 * Besides the common faults: status callbacks come twice (`duplicated`), in reverse order (`reordered`), or
 * before the answer to the request (`before-the-response`).
 */
export const smsFaults = [...commonFaults, 'duplicated', 'reordered', 'before-the-response'] as const;
type SmsFault = Fault<(typeof smsFaults)[number]>;

/**
 * Twilio's Messages resource: create, fetch and list, under the account's credentials. An answer that
 * violates the contract becomes an error.
 */
export async function messagesApi(
  api: FastifyInstance,
  desk: SmsDesk,
  faults: FaultScript<SmsFault['answer']>,
): Promise<void> {
  takeFormsOnly(api);
  api.addHook('onRequest', async (request, reply) => {
    if (!isOurs(desk, request)) return refuse(reply, { status: 401, code: 20003, message: 'Authenticate' });
    if (!request.url.startsWith(`${accountPath(desk)}/`)) return refuse(reply, notFound(request));
  });
  api.post('/2010-04-01/Accounts/:account/Messages.json', async (request, reply) => {
    const form = formSchema.parse(request.body);
    return notPlayed(create.form, form, reply) ?? made(desk, form, faults.next(), reply);
  });
  api.get('/2010-04-01/Accounts/:account/Messages.json', async (request, reply) => {
    const query = formSchema.parse(request.query);
    return notPlayed(list.query, query, reply) ?? listed(desk, query, reply);
  });
  api.get('/2010-04-01/Accounts/:account/Messages/:sid.json', async (request, reply) => {
    const found = desk.messages.find(z.object({ sid: z.string() }).parse(request.params).sid);
    return found ? asAgreed(fetchOne.answer, present(desk, found)) : refuse(reply, notFound(request));
  });
  api.all('/2010-04-01/*', async (request, reply) => refuse(reply, notFound(request)));
}

/** Twilio reads no JSON: such a request counts as one without fields. */
function takeFormsOnly(api: FastifyInstance): void {
  api.removeContentTypeParser('application/json');
  api.addContentTypeParser('*', { parseAs: 'string' }, (_request, _body, done) => done(null, {}));
}

function isOurs({ accountSid, authToken }: SmsDesk, { headers }: FastifyRequest): boolean {
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  return timingSafeEqual(digest(expected), digest(headers.authorization ?? ''));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const notFound = ({ url }: FastifyRequest): Objection => ({
  status: 404,
  code: 20404,
  message: `The requested resource ${url} was not found`,
});

const refuse = (reply: FastifyReply, { status, code, message }: Objection): FastifyReply =>
  reply
    .code(status)
    .send(
      asAgreed(refusal, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }),
    );

/** Twilio knows more fields than Lipei uses. If one were ignored here, Lipei could rely on it by mistake. */
function notPlayed(
  schema: z.ZodObject,
  given: Record<string, string>,
  reply: FastifyReply,
): FastifyReply | undefined {
  const strange = Object.keys(given).filter((name) => !(name in schema.shape));
  return strange.length > 0
    ? reply
        .code(501)
        .send({ error: `The stand-in does not play ${strange.join(', ')}: see local/sms/contract.ts.` })
    : undefined;
}

async function made(
  desk: SmsDesk,
  form: Record<string, string>,
  fault: SmsFault | undefined,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (fault?.answer === '429')
    return refuse(reply.header('retry-after', fault.retryAfterSeconds), {
      status: 429,
      code: 20429,
      message: 'Too Many Requests',
    });
  if (fault?.answer === '500-not-made') return brokenDown(reply);
  const objection = objectionTo(form) ?? desk.unsubscribed.objectionTo(form);
  if (objection) return refuse(reply, objection);

  const message = desk.messages.keep({ ...outbound(form), ...reporting(fault) });
  const delivery = deliver(desk, message);
  if (fault?.answer === 'before-the-response') await delivery;
  if (fault?.answer === '500-made') return brokenDown(reply);
  if (fault?.answer === 'hang') return reply.hijack();
  return reply.code(201).send(asAgreed(create.answer, present(desk, message)));
}

function reporting(fault: SmsFault | undefined): Partial<Message> {
  if (fault?.answer === 'silent') return { callback: null };
  return fault?.answer === 'duplicated' || fault?.answer === 'reordered' ? { reports: fault.answer } : {};
}

const brokenDown = (reply: FastifyReply): FastifyReply =>
  reply.code(500).type('text/html').send('<h1>Internal Server Error</h1>');

function listed(desk: SmsDesk, query: Record<string, string>, reply: FastifyReply): FastifyReply {
  const { objection, page } = listPage(desk, query);
  return objection ? refuse(reply, objection) : reply.send(asAgreed(list.answer, page));
}
