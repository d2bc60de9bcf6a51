import { randomUUID } from 'node:crypto';

import twilio from 'twilio';

import type { Beside } from '../stand-in/beside.ts';
import type { Records } from '../stand-in/record-file.ts';
import { type Message, subscriptionWord, type Unsubscribed } from './messages.ts';
import { undeliverable } from './rules.ts';

/** What the stand-in's parts share. */
export interface SmsDesk {
  accountSid: string;
  authToken: string;
  inboundUrl?: string;
  messages: Records<Message>;
  unsubscribed: Unsubscribed;
  work: Beside;
  delays: { sentMs: number; deliveredMs: number };
}

/** Takes a message from wherever it is on its way to its end. Nothing is reported of `queued`. */
export function deliver(desk: SmsDesk, message: Message): void {
  desk.work.run(async (wait, signal) => {
    let current = message;
    if (current.status === 'queued') {
      await wait(desk.delays.sentMs);
      current = change(desk, current, { status: 'sent', sentAt: new Date().toISOString() });
      await report(desk, current, signal);
    }
    if (current.status === 'sent') {
      await wait(desk.delays.deliveredMs);
      const errorCode = undeliverable[current.to] ?? null;
      current = change(desk, current, { status: errorCode ? 'undelivered' : 'delivered', errorCode });
      await report(desk, current, signal);
    }
  });
}

const change = (desk: SmsDesk, message: Message, changed: Partial<Message>): Message =>
  desk.messages.keep({ ...message, ...changed, updatedAt: new Date().toISOString() });

async function report(desk: SmsDesk, { id, status, to, from, errorCode, callback }: Message, signal: AbortSignal): Promise<void> {
  if (!callback) return;
  const form = { ...formOf(desk, id, to, from), MessageStatus: status, SmsStatus: status };
  await post(desk, callback, errorCode ? { ...form, ErrorCode: String(errorCode) } : form, signal);
}

/** Tells of a customer's answer, as Twilio tells of inbound messages. */
export function tellInbound(desk: SmsDesk, { id, to, from, body }: Message): void {
  const { inboundUrl } = desk;
  const word = subscriptionWord(body);
  const form = { ...formOf(desk, id, to, from), SmsMessageSid: id, SmsStatus: 'received', Body: body, NumMedia: '0', NumSegments: '1', ...(word && { OptOutType: word }) };
  if (inboundUrl) desk.work.run((_wait, signal) => post(desk, inboundUrl, form, signal));
}

const formOf = ({ accountSid }: SmsDesk, id: string, to: string, from: string | null) => ({
  MessageSid: id, SmsSid: id, AccountSid: accountSid, ApiVersion: '2010-04-01', To: to, From: from ?? '',
});

/** Signed as Twilio signs; like Twilio, tried once more if nobody is there, and then given up. */
async function post({ authToken }: SmsDesk, url: string, form: Record<string, string>, signal: AbortSignal): Promise<void> {
  const headers = { 'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, url, form), 'i-twilio-idempotency-token': randomUUID() };
  for (let attempt = 1; attempt <= 2 && !signal.aborted; attempt += 1) {
    try {
      const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form), signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]) });
      await answer.arrayBuffer();
      return;
    } catch {
      // The receiver is down. Who needs the report can still fetch the message.
    }
  }
}
