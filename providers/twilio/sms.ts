import twilio from 'twilio';

import type { SendAnswer, SmsInquiryPort, SmsPort } from '../ports.ts';
import { fieldOf } from '../fault-field.ts';
import { neverConnected } from '../never-connected.ts';
import { withReference } from '../provider-url.ts';
import { Throttled, TwilioHttp } from './twilio-http.ts';
import { present } from '../../domain/present.ts';

/**
 * Twilio's error codes (twilio.com/docs/api/errors) in our words, whether they answer a message or come later
 * with its delivery.
 * `transient` and `hour` say that the same message may go later; the others are for good.
 */
const words: Record<number, Word> = {
  21211: 'recipient', // not a valid number
  21604: 'recipient', // no number
  21612: 'recipient', // cannot be reached from this sender
  21614: 'recipient', // not a mobile number
  21635: 'recipient', // a landline
  21610: 'opted-out', // has answered STOP
  21602: 'content', // no text
  21617: 'content', // over 1600 characters
  21619: 'content', // neither text nor media
  20003: 'configuration', // our credentials
  20404: 'configuration', // not our account
  21408: 'configuration', // this country is not enabled for us
  21603: 'configuration', // no sender
  21606: 'configuration', // the sender is not ours
  21608: 'configuration', // a trial account
  21609: 'configuration', // the callback's address
  30034: 'configuration', // the sender is not registered with the carriers
  20429: 'transient', // too many requests
  21611: 'transient', // the sender's queue is full
  30001: 'transient', // queue overflow
  30003: 'transient', // the telephone is off or away
  30008: 'transient', // the carrier does not say why
  30004: 'content', // blocked
  30007: 'content', // filtered by the carrier
  30005: 'recipient', // nobody has this number
  30006: 'recipient', // a landline, or a carrier that cannot be reached
  30610: 'hour', // outside the hours that the recipient's law allows
};

type Word = 'recipient' | 'opted-out' | 'content' | 'configuration' | 'transient' | 'hour';

/**
 * Twilio's message statuses in our words. Callbacks arrive in any order: what was delivered is not on its way
 * again.
 */
const progress: Record<string, SmsStatus['outcome']> = {
  accepted: 'on-its-way',
  scheduled: 'on-its-way',
  queued: 'on-its-way',
  sending: 'on-its-way',
  sent: 'on-its-way',
  delivered: 'delivered',
  read: 'delivered',
  partially_delivered: 'undelivered',
  undelivered: 'undelivered',
  failed: 'undelivered',
  canceled: 'undelivered',
};

export interface TwilioAccount {
  accountSid: string;
  authToken: string;
  /** A number of ours, a sender id, or a messaging service (`MG…`). */
  from: string;
  /** Another address than Twilio's own, such as the local stand-in's. */
  baseUrl?: string;
  /** Where Twilio reports the delivery; the message's reference is added as `?s=`. */
  statusCallback?: string;
  timeoutMs?: number;
}

/**
 * SMS through Twilio. Its Messages API has no idempotency key, so whatever may have arrived without an answer
 * is `unknown`.
 * Throws at once for a callback that is no address, and for a base URL that would carry credentials and
 * numbers in the clear.
 */
export function twilioSms(account: TwilioAccount): SmsPort & SmsInquiryPort {
  const httpClient = new TwilioHttp(account.timeoutMs ?? 10_000, account.baseUrl);
  const callback = account.statusCallback === undefined ? undefined : new URL(account.statusCallback);
  const { messages } = twilio(account.accountSid, account.authToken, { httpClient });
  return {
    async send({ to, body, reference }) {
      try {
        const sent = await messages.create({
          to,
          body,
          ...senderOf(account),
          ...present({ statusCallback: callback ? withReference(callback, reference) : undefined }),
        });
        return { kind: 'accepted', providerId: sent.sid, segments: Number(sent.numSegments) };
      } catch (error) {
        return answerOf(error);
      }
    },
    async find({ to, body, since }) {
      try {
        const candidates = await messages.list({ to, dateSentAfter: new Date(since), limit: 100 });
        return {
          kind: 'found',
          providerIds: candidates.filter((candidate) => candidate.body === body).map(({ sid }) => sid),
        };
      } catch (error) {
        return { kind: 'busy', code: codeOf(error) };
      }
    },
  };
}

const senderOf = ({ from }: TwilioAccount) =>
  from.startsWith('MG') ? { messagingServiceSid: from } : { from };

/** The error itself goes no further: it holds the Authorization header and the text of the message. */
function answerOf(error: unknown): SendAnswer {
  const code = codeOf(error);
  if (error instanceof Throttled) return { kind: 'busy', code, ...error.wait };
  if (neverConnected(error)) return { kind: 'busy', code };
  const status = numberIn(error, 'status');
  if (status === undefined || status >= 500) return { kind: 'unknown', code };
  const word = words[Number(code)] ?? 'configuration';
  return word === 'transient' || word === 'hour'
    ? { kind: 'busy', code }
    : { kind: 'refused', why: word, code };
}

/**
 * Twilio's own code where it gave one, else the status of the answer, else the name of the network's fault.
 */
function codeOf(error: unknown): string {
  const code = numberIn(error, 'code');
  if (code) return String(code);
  const status = numberIn(error, 'status');
  if (status !== undefined) return `http-${status}`;
  return String(fieldOf(error, 'code') ?? 'no-answer');
}

function numberIn(error: unknown, field: 'code' | 'status'): number | undefined {
  const value = fieldOf(error, field);
  return typeof value === 'number' ? value : undefined;
}

export interface SmsStatus {
  providerId: string;
  /** Twilio's own word. */
  status: string;
  outcome: 'on-its-way' | 'delivered' | 'undelivered';
  code?: string;
  /** Absent where the same may get through another time. */
  why?: 'contact' | 'content';
  /** After how long, then (ISO 8601). */
  again?: string;
}

/**
 * A telephone that is off is on again in an hour, or in none. Whom the law lets be addressed from 8 to 21
 * o'clock, and not now, is within
 * those hours in half a day, whatever their clock.
 */
const againAfter: Partial<Record<Word, string>> = { transient: 'PT1H', hour: 'PT12H' };

/** What a delivery report (Twilio's status callback, as a form) says; undefined if it is none. */
export function readSmsStatus(form: Record<string, string>): SmsStatus | undefined {
  const { MessageSid: providerId, MessageStatus: status = '', ErrorCode: code = '' } = form;
  const outcome = progress[status];
  if (!providerId || !outcome) return undefined;
  if (outcome !== 'undelivered') return { providerId, status, outcome };
  const word = words[Number(code)];
  const again = word && againAfter[word];
  return present({ providerId, status, outcome, code: code || status, why: whyOf(word), again });
}

/** What it was about; undefined where it was about neither. */
function whyOf(word: string | undefined): 'contact' | 'content' | undefined {
  if (word === 'recipient' || word === 'opted-out') return 'contact';
  return word === 'content' ? 'content' : undefined;
}

export interface Text {
  id: string;
  /** E.164. */
  from: string;
  body: string;
  /** Somebody wants no more texts from us, or wants them again. */
  asks?: 'opted-out' | 'opted-in';
}

/**
 * Twilio's own words (whole messages, in any case) and those that are usual in China; full-width letters
 * count as plain ones.
 */
const stopWords = [
  'STOP',
  'STOPALL',
  'UNSUBSCRIBE',
  'END',
  'QUIT',
  'CANCEL',
  'REVOKE',
  'OPTOUT',
  'TD',
  'T',
  '退订',
  '退訂',
];
const startWords = ['START', 'YES', 'UNSTOP', '订阅'];

/** What a telephone sends us (Twilio's inbound message, as a form); undefined if it is none. */
export function readText({
  MessageSid: id,
  From: from,
  Body: body = '',
}: Record<string, string>): Text | undefined {
  if (!id || !from) return undefined;
  return present({ id, from, body, asks: askedIn(body.normalize('NFKC').trim().toUpperCase()) });
}

function askedIn(word: string): Text['asks'] {
  if (stopWords.includes(word)) return 'opted-out';
  return startWords.includes(word) ? 'opted-in' : undefined;
}

/**
 * True if Twilio signed this callback for exactly this address. `url` is the configured one with its query,
 * never one made from
 * the request's headers; `params` are all fields of the form, unknown ones too.
 */
export const twilioSignatureMatches = (
  authToken: string,
  url: string,
  params: Record<string, string>,
  signature: string,
): boolean => twilio.validateRequest(authToken, signature, url, params);
