import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import { segmentsOf } from '../../wording/renderer/segments.ts';
import { type Objection, plainNumber, plainSender, startWords, stopWords } from './rules.ts';

export const messageSchema = z.object({
  id: z.string(),
  direction: z.enum(['outbound-api', 'outbound-reply', 'inbound']),
  to: z.string(),
  from: z.string().nullable(),
  service: z.string().nullable(),
  body: z.string(),
  segments: z.int(),
  status: z.enum(['accepted', 'queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'received']),
  errorCode: z.int().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  sentAt: z.string().nullable(),
  /** Where its status is reported. */
  callback: z.string().nullable(),
  reports: z.enum(['in-order', 'reordered', 'duplicated']).default('in-order'),
});
export type Message = z.infer<typeof messageSchema>;

/** The message that a form of `CreateMessage` asks for. A messaging service has to choose a sender first. */
export function outbound({
  To = '',
  From,
  MessagingServiceSid,
  Body = '',
  StatusCallback,
}: Record<string, string>): Message {
  return {
    ...newMessage(Body),
    direction: 'outbound-api',
    to: plainNumber(To),
    from: From ? plainSender(From) : null,
    service: MessagingServiceSid || null,
    status: MessagingServiceSid ? 'accepted' : 'queued',
    sentAt: null,
    callback: StatusCallback ?? null,
  };
}

/** A customer's answer. */
export function inbound({ from, to, body }: { from: string; to: string; body: string }): Message {
  const message = newMessage(body);
  return {
    ...message,
    direction: 'inbound',
    to,
    from: plainNumber(from),
    service: null,
    status: 'received',
    sentAt: message.createdAt,
    callback: null,
  };
}

/** What our webhook answers a customer at once. It has no status callback. */
export const reply = ({ to, from }: Message, body: string): Message => ({
  ...newMessage(body),
  direction: 'outbound-reply',
  to: from ?? '',
  from: to,
  service: null,
  status: 'queued',
  sentAt: null,
  callback: null,
});

function newMessage(body: string) {
  const at = new Date().toISOString();
  return {
    id: `SM${randomBytes(16).toString('hex')}`,
    body,
    segments: segmentsOf(body).count,
    errorCode: null,
    createdAt: at,
    updatedAt: at,
    reports: 'in-order' as const,
  };
}

/** STOP or START, if the message has only such a word. */
export function subscriptionWord(body: string): 'STOP' | 'START' | undefined {
  const word = body.trim().toUpperCase();
  if (stopWords.includes(word)) return 'STOP';
  return startWords.includes(word) ? 'START' : undefined;
}

/** Telephones that have answered STOP; the last STOP or START of each counts. */
export interface Unsubscribed {
  receive(answer: Message): void;
  objectionTo(form: Record<string, string>): Objection | undefined;
}

export function unsubscribed(messages: Message[]): Unsubscribed {
  const telephones = new Set<string>();
  const receive = ({ direction, from, body }: Message): void => {
    const word = direction === 'inbound' ? subscriptionWord(body) : undefined;
    if (word === 'STOP') telephones.add(from ?? '');
    if (word === 'START') telephones.delete(from ?? '');
  };
  for (const message of messages) receive(message);
  return {
    receive,
    objectionTo: ({ To = '' }) =>
      telephones.has(plainNumber(To))
        ? { status: 400, code: 21610, message: 'Attempt to send to unsubscribed recipient' }
        : undefined,
  };
}
