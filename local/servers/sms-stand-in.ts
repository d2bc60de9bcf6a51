import { join } from 'node:path';

import Fastify, { type FastifyInstance } from 'fastify';

import { formSchema, messagesApi, smsFaults } from '../sms/api.ts';
import { deliver, type SmsDesk, tellInbound } from '../sms/delivery.ts';
import { isNumber } from '../sms/fields.ts';
import { inbound, type Message, messageSchema, unsubscribed } from '../sms/messages.ts';
import { isSender, plainNumber } from '../sms/rules.ts';
import { beside } from '../stand-in/beside.ts';
import { faultScript } from '../stand-in/fault-script.ts';
import { pageOf } from '../stand-in/page.ts';
import { recordFile } from '../stand-in/record-file.ts';
import type { StandIn } from '../stand-in/stand-in.ts';

export interface SmsStandInOptions {
  port: number;
  host?: string;
  accountSid: string;
  authToken: string;
  /** Without it the messages are lost when the stand-in stops. */
  dataDir?: string;
  /** How long it takes until a message is sent, and then until it is delivered. */
  delays?: { sentMs: number; deliveredMs: number };
  /**
   * Answers that are typed on the page are posted to it, like Twilio's inbound messages. Without it the page
   * has no field for them.
   */
  inboundUrl?: string;
}

/**
 * Starts a stand-in of Twilio's Messages API, for Twilio's own client: create, fetch, list, signed status
 * callbacks, the magic numbers of Twilio's test credentials, faults on demand, and a page with each
 * telephone's messages.
 */
export async function startSmsStandIn(options: SmsStandInOptions): Promise<StandIn> {
  const { port, host = '127.0.0.1', dataDir, delays = { sentMs: 400, deliveredMs: 1_200 } } = options;
  const app = Fastify({ forceCloseConnections: true });
  const messages = recordFile(dataDir && join(dataDir, 'sms-messages.jsonl'), messageSchema);
  const desk: SmsDesk = {
    ...options,
    delays,
    messages,
    unsubscribed: unsubscribed(messages.all()),
    work: beside(),
  };

  acceptForms(app);
  const faults = faultScript(app, smsFaults);
  app.register((api) => messagesApi(api, desk, faults));
  addPage(app, desk);
  for (const message of messages.all()) deliver(desk, message);

  const url = await app.listen({ port, host });
  return { url, stop: async () => void (await Promise.all([desk.work.stop(), app.close()])) };
}

function acceptForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    },
  );
}

function addPage(app: FastifyInstance, desk: SmsDesk): void {
  app.get('/', async (_request, reply) =>
    pageOf(reply, 'sms/page', {
      ...shown(phonesOf(desk.messages.all())),
      answers: desk.inboundUrl !== undefined,
    }),
  );
  app.get('/stand-in/messages', async () => ({ messages: desk.messages.all() }));
  app.post('/stand-in/answers', async (request, reply) => {
    const { from = '', to = '', body = '' } = formSchema.parse(request.body);
    if (!isNumber(plainNumber(from)) || !isSender(to) || !body.trim())
      return reply.code(400).send({
        error: 'An answer needs the number that it comes from, the sender that it goes to, and a text.',
      });
    const answer = desk.messages.keep(inbound({ from, to, body }));
    desk.unsubscribed.hear(answer);
    tellInbound(desk, answer);
    return reply.redirect('/', 303);
  });
}

/** Telephones, the one with the latest message first; the messages of each from old to new. */
function phonesOf(messages: Message[]) {
  const phones = Map.groupBy(messages, ({ direction, to, from }) =>
    direction === 'inbound' ? (from ?? '') : to,
  );
  return [...phones]
    .map(([number, thread]) => ({
      number,
      thread,
      sender: thread.findLast(({ direction }) => direction === 'outbound-api')?.from ?? '',
    }))
    .toSorted((a, b) => latestOf(b.thread).localeCompare(latestOf(a.thread)));
}

/** The page stays readable, and light for a browser: the latest telephones with their latest messages. */
const shownPhones = 60;
const shownMessages = 40;

const shown = (phones: ReturnType<typeof phonesOf>) => ({
  phones: phones
    .slice(0, shownPhones)
    .map((phone) => ({ ...phone, count: phone.thread.length, thread: phone.thread.slice(-shownMessages) })),
  others: Math.max(0, phones.length - shownPhones),
});

const latestOf = (thread: Message[]): string => thread.at(-1)?.createdAt ?? '';
