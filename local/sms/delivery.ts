import { randomUUID } from 'node:crypto';

import { XMLParser } from 'fast-xml-parser';
import twilio from 'twilio';
import { z } from 'zod';

import type { Beside } from '../stand-in/beside.ts';
import type { Records } from '../stand-in/record-file.ts';
import { asAgreed, inboundCallback, statusCallback } from './contract.ts';
import { type Message, reply, subscriptionWord, type Unsubscribed } from './messages.ts';
import { troubles } from './rules.ts';
import { present } from '../../domain/present.ts';

/** The state that the stand-in's parts share. */
export interface SmsService {
  accountSid: string;
  authToken: string;
  inboundUrl?: string;
  messages: Records<Message>;
  unsubscribed: Unsubscribed;
  work: Beside;
  delays: { sentMs: number; deliveredMs: number };
}

/** The status after each status, unless the telephone has trouble. */
const road: Partial<Record<Message['status'], Message['status']>> = {
  accepted: 'queued',
  queued: 'sending',
  sending: 'sent',
  sent: 'delivered',
};

/** The sender that a messaging service chooses. */
const poolNumber = '+15005550006';

/** Moves a message from its present status to its last one, and reports each change. */
export function deliver(provider: SmsService, message: Message): Promise<void> {
  return provider.work.run(async (wait, signal) => {
    const held: Message[] = [];
    let current = message;
    for (let next = changeOf(current); next; next = changeOf(current)) {
      await wait(stayOf(provider, current));
      current = provider.messages.keep({ ...current, ...next, updatedAt: new Date().toISOString() });
      if (current.reports === 'reordered') held.unshift(current);
      else await report(provider, current, signal);
    }
    for (const change of held) await report(provider, change, signal);
  });
}

function changeOf({ status, to, from }: Message): Partial<Message> | undefined {
  const [next, trouble] = [road[status], troubles[to]];
  if (next && trouble?.instead === next) return { status: trouble.status, errorCode: trouble.code };
  return (
    next && {
      status: next,
      from: from ?? poolNumber,
      ...present({ sentAt: next === 'sent' ? new Date().toISOString() : undefined }),
    }
  );
}

/** `delays.sentMs` is shared by the two statuses before `sent`. */
const stayOf = ({ delays }: SmsService, { status }: Message): number =>
  status === 'sent' ? delays.deliveredMs : delays.sentMs / 2;

async function report(provider: SmsService, message: Message, signal: AbortSignal): Promise<void> {
  const { status, errorCode, callback, service, reports } = message;
  if (!callback) return;
  const form = asAgreed(statusCallback, {
    ...formOf(provider, message),
    MessageStatus: status,
    SmsStatus: status,
    ...present({
      MessagingServiceSid: service ?? undefined,
      ErrorCode: errorCode ? String(errorCode) : undefined,
      RawDlrDoneDate:
        status === 'delivered' || status === 'undelivered'
          ? message.updatedAt.replace(/\D/g, '').slice(2, 12)
          : undefined,
    }),
  });
  const post = signedPost(provider, callback, form);
  for (let copies = reports === 'duplicated' ? 2 : 1; copies > 0; copies -= 1) await send(post, signal);
}

/** Posts a customer's answer to us, as Twilio posts inbound messages. */
export function sendInbound(provider: SmsService, message: Message): void {
  const { inboundUrl } = provider;
  const { id, body, segments } = message;
  const word = subscriptionWord(body);
  const form = asAgreed(inboundCallback, {
    ...formOf(provider, message),
    SmsMessageSid: id,
    SmsStatus: 'received',
    Body: body,
    NumMedia: '0',
    NumSegments: String(segments),
    ...present({ OptOutType: word }),
  });
  if (inboundUrl)
    provider.work.run(async (_wait, signal) => {
      const answer = await send(signedPost(provider, inboundUrl, form), signal);
      for (const words of repliesIn(answer)) deliver(provider, provider.messages.keep(reply(message, words)));
    });
}

/** The texts that an answer in TwiML sends back. */
function repliesIn(answer: string): string[] {
  const read = twiml.safeParse(
    new XMLParser({ parseTagValue: false, isArray: (name) => name === 'Message' }).parse(answer),
  );
  return (read.data && read.data.Response !== '' && read.data.Response.Message) || [];
}

const twiml = z.object({
  Response: z.union([z.literal(''), z.object({ Message: z.array(z.coerce.string()).default([]) })]),
});

const formOf = ({ accountSid }: SmsService, { id, to, from }: Message) => ({
  MessageSid: id,
  SmsSid: id,
  AccountSid: accountSid,
  ApiVersion: '2010-04-01',
  To: to,
  From: from ?? '',
});

interface Post {
  url: string;
  headers: Record<string, string>;
  body: URLSearchParams;
}

/** Signed like Twilio's posts. Each copy and each attempt has the same token. */
const signedPost = ({ authToken }: SmsService, url: string, form: Record<string, string>): Post => ({
  url,
  headers: {
    'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, url, form),
    'i-twilio-idempotency-token': randomUUID(),
  },
  body: new URLSearchParams(form),
});

/** Like Twilio, it tries once more if nobody answers, and then gives up. */
async function send({ url, headers, body }: Post, signal: AbortSignal): Promise<string> {
  for (let attempt = 1; attempt <= 2 && !signal.aborted; attempt += 1) {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
      });
      return await answer.text();
    } catch {
      // The receiver is down. It can still fetch the message later.
    }
  }
  return '';
}
