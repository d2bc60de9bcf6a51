import twilio from 'twilio';

import type { SendAnswer, SmsInquiryPort, SmsPort } from '../ports.ts';
import { fieldOf } from '../fault-field.ts';
import { neverConnected } from '../never-connected.ts';
import { withReference } from '../provider-url.ts';
import { meaningOf } from './error-codes.ts';
import { Throttled, TwilioHttp } from './twilio-http.ts';
import { present } from '../../domain/present.ts';

export interface TwilioAccount {
  accountSid: string;
  authToken: string;
  /** A number of ours, a sender id, or a messaging service (`MG…`). */
  from: string;
  /** Instead of Twilio's own address, such as the local stand-in's. */
  baseUrl?: string;
  /** The address for delivery reports; the message's reference is added as `?s=`. */
  statusCallback?: string;
  timeoutMs?: number;
}

/**
 * SMS through Twilio. Its Messages API has no idempotency key, so a message that may have arrived without an
 * answer is `unknown`. Throws at once when the callback is no address, or when the base URL would carry
 * credentials and numbers unencrypted.
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

/** The error itself is not passed on: it has the Authorization header and the text of the message. */
function answerOf(error: unknown): SendAnswer {
  const code = codeOf(error);
  if (error instanceof Throttled) return { kind: 'busy', code, ...error.wait };
  if (neverConnected(error)) return { kind: 'busy', code };
  const status = numberIn(error, 'status');
  if (status === undefined || status >= 500) return { kind: 'unknown', code };
  const meaning = meaningOf(code) ?? 'configuration';
  return meaning === 'transient' || meaning === 'hour'
    ? { kind: 'busy', code }
    : { kind: 'refused', why: meaning, code };
}

/**
 * Twilio's own code if there is one, otherwise the status of the answer, otherwise the name of the network's
 * fault.
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
