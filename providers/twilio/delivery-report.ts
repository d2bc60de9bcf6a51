import { present } from '../../domain/present.ts';
import { meaningOf, type ErrorMeaning } from './error-codes.ts';

export interface SmsStatus {
  providerId: string;
  /** Twilio's own word. */
  status: string;
  outcome: 'on-its-way' | 'delivered' | 'undelivered';
  code?: string;
  /** Absent where the same message may succeed another time. */
  why?: 'contact' | 'content';
  /** The delay before that other time (ISO 8601). */
  again?: string;
}

/**
 * Twilio's message statuses in our words. Callbacks arrive in any order: a delivered message is not on its
 * way again.
 */
const outcomes: Record<string, SmsStatus['outcome']> = {
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

/**
 * A telephone that is off is usually on again within an hour, or stays off. Where the law allows messages
 * from 8 to 21 o'clock, half a day later is within those hours, in every time zone.
 */
const againAfter: Partial<Record<ErrorMeaning, string>> = { transient: 'PT1H', hour: 'PT12H' };

/** Reads a delivery report: Twilio's status callback, as a form. Undefined when the form is none. */
export function readSmsStatus(form: Record<string, string>): SmsStatus | undefined {
  const { MessageSid: providerId, MessageStatus: status = '', ErrorCode: code = '' } = form;
  const outcome = outcomes[status];
  if (!providerId || !outcome) return undefined;
  if (outcome !== 'undelivered') return { providerId, status, outcome };
  const meaning = meaningOf(code);
  const again = meaning && againAfter[meaning];
  return present({ providerId, status, outcome, code: code || status, why: whyOf(meaning), again });
}

function whyOf(meaning: ErrorMeaning | undefined): SmsStatus['why'] {
  if (meaning === 'recipient' || meaning === 'opted-out') return 'contact';
  return meaning === 'content' ? 'content' : undefined;
}
