import { createHash, timingSafeEqual } from 'node:crypto';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { Fault, FaultScript } from '../stand-in/fault-script.ts';
import { deliver, type SmsDesk } from './delivery.ts';
import { type Message, outbound } from './messages.ts';
import { type Objection, objectionTo, plainNumber } from './rules.ts';

/** A form or a query as one value a name. */
export const formSchema = z.record(z.string(), z.string()).catch({});

/** Twilio's Messages resource: create, fetch and list, under the account's credentials. */
export async function messagesApi(api: FastifyInstance, desk: SmsDesk, faults: FaultScript): Promise<void> {
  api.addHook('onRequest', async (request, reply) => {
    if (!isOurs(desk, request)) return refuse(reply, { status: 401, code: 20003, message: 'Authenticate' });
    if (!request.url.startsWith(`${accountPath(desk)}/`)) return refuse(reply, notFound(request));
  });
  api.post('/2010-04-01/Accounts/:account/Messages.json', async (request, reply) => create(desk, formSchema.parse(request.body), faults.next(), reply));
  api.get('/2010-04-01/Accounts/:account/Messages.json', (request, reply) => reply.send(list(desk, formSchema.parse(request.query))));
  api.get('/2010-04-01/Accounts/:account/Messages/:sid.json', async (request, reply) => {
    const found = desk.messages.find(z.object({ sid: z.string() }).parse(request.params).sid);
    return found ? present(desk, found) : refuse(reply, notFound(request));
  });
}

function isOurs({ accountSid, authToken }: SmsDesk, { headers }: FastifyRequest): boolean {
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  return timingSafeEqual(digest(expected), digest(headers.authorization ?? ''));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const accountPath = ({ accountSid }: SmsDesk): string => `/2010-04-01/Accounts/${accountSid}`;

const notFound = ({ url }: FastifyRequest): Objection => ({ status: 404, code: 20404, message: `The requested resource ${url} was not found` });

const refuse = (reply: FastifyReply, { status, code, message }: Objection): FastifyReply =>
  reply.code(status).send({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });

async function create(desk: SmsDesk, form: Record<string, string>, fault: Fault | undefined, reply: FastifyReply): Promise<FastifyReply> {
  if (fault?.answer === '429') return refuse(reply.header('retry-after', fault.retryAfterSeconds), { status: 429, code: 20429, message: 'Too Many Requests' });
  if (fault?.answer === '500-not-made') return brokenDown(reply);
  const objection = objectionTo(form) ?? desk.unsubscribed.objectionTo(form);
  if (objection) return refuse(reply, objection);

  const message = desk.messages.keep({ ...outbound(form), ...(fault?.answer === 'silent' && { callback: null }) });
  deliver(desk, message);
  if (fault?.answer === '500-made') return brokenDown(reply);
  if (fault?.answer === 'hang') return reply.hijack();
  return reply.code(201).send(present(desk, message));
}

const brokenDown = (reply: FastifyReply): FastifyReply => reply.code(500).type('text/html').send('<h1>Internal Server Error</h1>');

/** The newest first, in pages. A message that was not sent yet has no `DateSent`. */
function list(desk: SmsDesk, query: Record<string, string>) {
  const size = Math.min(Number(query['PageSize']) || 50, 1000);
  const page = Number(query['Page']) || 0;
  const matching = desk.messages.all().toReversed().filter((message) => isAskedFor(message, query));
  const uri = (n: number): string => `${accountPath(desk)}/Messages.json?${new URLSearchParams({ ...query, PageSize: String(size), Page: String(n) })}`;
  return {
    messages: matching.slice(page * size, (page + 1) * size).map((message) => present(desk, message)),
    page,
    page_size: size,
    start: page * size,
    end: Math.min((page + 1) * size, matching.length) - 1,
    uri: uri(page),
    first_page_uri: uri(0),
    next_page_uri: matching.length > (page + 1) * size ? uri(page + 1) : null,
    previous_page_uri: page > 0 ? uri(page - 1) : null,
  };
}

function isAskedFor({ to, from, sentAt }: Message, { To, From, 'DateSent>': after, 'DateSent<': before }: Record<string, string>): boolean {
  const sentMs = sentAt === null ? NaN : Date.parse(sentAt);
  return (
    (To === undefined || plainNumber(To) === to) &&
    (From === undefined || From === from) &&
    (after === undefined || sentMs >= Date.parse(after)) &&
    (before === undefined || sentMs <= Date.parse(before))
  );
}

/** As Twilio presents it: numbers as text, dates as RFC 2822 has them. */
function present(desk: SmsDesk, message: Message) {
  const uri = `${accountPath(desk)}/Messages/${message.id}`;
  return {
    sid: message.id,
    account_sid: desk.accountSid,
    api_version: '2010-04-01',
    direction: message.direction,
    to: message.to,
    from: message.from,
    messaging_service_sid: message.service,
    body: message.body,
    num_segments: String(message.segments),
    num_media: '0',
    status: message.status,
    error_code: message.errorCode,
    error_message: null,
    price: null,
    price_unit: null,
    date_created: rfc2822(message.createdAt),
    date_updated: rfc2822(message.updatedAt),
    date_sent: rfc2822(message.sentAt),
    uri: `${uri}.json`,
    subresource_uris: { media: `${uri}/Media.json` },
  };
}

const rfc2822 = (instant: string | null): string | null => instant && new Date(instant).toUTCString().replace('GMT', '+0000');
