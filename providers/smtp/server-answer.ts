import { present } from '../../domain/present.ts';
import { fieldOf } from '../fault-field.ts';
import type { SendAnswer } from '../ports.ts';

type Refused = Extract<SendAnswer, { kind: 'refused' }>;

/**
 * The meaning of a permanent rejection (5xx), by the command that the server rejected. A policy code (5.7.x)
 * for a recipient is about us: relaying, our address's reputation, our records.
 */
function whyRefused(command: string, reply: string): Refused['why'] {
  const policy = /^5\d\d[ -]5\.7\./.test(reply);
  if (command === 'RCPT TO') return policy ? 'configuration' : 'recipient';
  if (command === 'DATA') return 'content';
  return 'configuration'; // the greeting, EHLO, STARTTLS, AUTH, MAIL FROM
}

/**
 * nodemailer's own rejections, before anything is sent: no credentials, a text larger than the server takes,
 * no recipient.
 */
const refusedByOurselves: Record<string, Refused['why']> = {
  EAUTH: 'configuration',
  ENOAUTH: 'configuration',
  EMESSAGE: 'content',
  EENVELOPE: 'recipient',
};

/** Greylisting servers reply 4xx, and take the message after five minutes at the earliest. */
const laterSeconds = 300;

/**
 * The server's reply decides. Without one it matters whether the text can have arrived. The error itself is
 * not passed on: it names the recipient.
 */
export function answerOf(error: unknown, textAskedFor: boolean): SendAnswer {
  const { code, command, reply, status } = detailsOf(error);
  if (status !== undefined && status >= 500 && status !== 503)
    return { kind: 'refused', why: whyRefused(command, reply), code: String(status) };
  if (status !== undefined && status >= 400)
    return { kind: 'busy', retryAfterSeconds: laterSeconds, code: String(status) };
  if (textAskedFor) return { kind: 'unknown', code };
  const why = refusedByOurselves[code];
  return why ? { kind: 'refused', why, code } : { kind: 'busy', code };
}

function detailsOf(error: unknown): { code: string; command: string; reply: string; status?: number } {
  const status = fieldOf(error, 'responseCode');
  return {
    code: String(fieldOf(error, 'code') ?? 'no-answer'),
    command: String(fieldOf(error, 'command')),
    reply: String(fieldOf(error, 'response')),
    ...present({ status: typeof status === 'number' ? status : undefined }),
  };
}
