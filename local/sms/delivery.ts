import { randomUUID } from 'node:crypto';

import twilio from 'twilio';

import type { Beside } from '../stand-in/beside.ts';
import type { Records } from '../stand-in/record-file.ts';
import { asAgreed, inboundCallback, statusCallback } from './contract.ts';
import { type Message, subscriptionWord, type Unsubscribed } from './messages.ts';
import { troubles } from './rules.ts';
import { present } from '../../domain/present.ts';

/** The state that the stand-in's parts share. */
export interface SmsDesk {
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
export function deliver(desk: SmsDesk, message: Message): Promise<void> {
  return desk.work.run(async (wait, signal) => {
    const held: Message[] = [];
    let current = message;
    for (let next = changeOf(current); next; next = changeOf(current)) {
      await wait(stayOf(desk, current));
      current = desk.messages.keep({ ...current, ...next, updatedAt: new Date().toISOString() });
      if (current.reports === 'reordered') held.unshift(current);
      else await report(desk, current, signal);
    }
    for (const change of held) await report(desk, change, signal);
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
const stayOf = ({ delays }: SmsDesk, { status }: Message): number =>
  status === 'sent' ? delays.deliveredMs : delays.sentMs / 2;

async function report(desk: SmsDesk, message: Message, signal: AbortSignal): Promise<void> {
  const { status, errorCode, callback, service, reports } = message;
  if (!callback) return;
  const form = asAgreed(statusCallback, {
    ...formOf(desk, message),
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
  const post = signedPost(desk, callback, form);
  for (let copies = reports === 'duplicated' ? 2 : 1; copies > 0; copies -= 1) await send(post, signal);
}

/** Posts a customer's answer to us, as Twilio posts inbound messages. */
export function tellInbound(desk: SmsDesk, message: Message): void {
  const { inboundUrl } = desk;
  const { id, body, segments } = message;
  const word = subscriptionWord(body);
  const form = asAgreed(inboundCallback, {
    ...formOf(desk, message),
    SmsMessageSid: id,
    SmsStatus: 'received',
    Body: body,
    NumMedia: '0',
    NumSegments: String(segments),
    ...present({ OptOutType: word }),
  });
  if (inboundUrl) desk.work.run((_wait, signal) => send(signedPost(desk, inboundUrl, form), signal));
}

const formOf = ({ accountSid }: SmsDesk, { id, to, from }: Message) => ({
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
const signedPost = ({ authToken }: SmsDesk, url: string, form: Record<string, string>): Post => ({
  url,
  headers: {
    'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, url, form),
    'i-twilio-idempotency-token': randomUUID(),
  },
  body: new URLSearchParams(form),
});

/** Like Twilio, it tries once more if nobody answers, and then gives up. */
async function send({ url, headers, body }: Post, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; attempt <= 2 && !signal.aborted; attempt += 1) {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
      });
      await answer.arrayBuffer();
      return;
    } catch {
      // The receiver is down. It can still fetch the message later.
    }
  }
}
