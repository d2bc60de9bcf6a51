import { withoutTurns } from '../../domain/text-direction.ts';
import { withReference } from '../provider-url.ts';

/**
 * The same message has the same id at every attempt. A mail program may show two copies as one, and a bounce
 * leads to the row in the ledger.
 */
export const messageIdOf = (token: string, domain: string): string => `<${token}@${domain}>`;

/**
 * Every mail of a claim replies to one that was never sent, so that mailboxes show them together. `token` is
 * that one's.
 */
export function threadOf(token: string, domain: string): { inReplyTo: string; references: string } {
  const root = messageIdOf(token, domain);
  return { inReplyTo: root, references: root };
}

/** `bounces+<token>@claims.example.com`: all mail to it is about this message (VERP). */
export const returnPathOf = (token: string, bounces: string): string => bounces.replace('@', `+${token}@`);

export const oneLine = (text: string): string =>
  withoutTurns(text)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();

export function headersOf(
  { mandatory, token }: { mandatory: boolean; token: string },
  unsubscribe: URL | undefined,
): Record<string, string> {
  const automatic = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };
  if (mandatory || !unsubscribe) return automatic;
  return {
    ...automatic,
    'List-Unsubscribe': `<${withReference(unsubscribe, token)}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

/**
 * nodemailer's own list lacks List-Unsubscribe-Post. Mailbox providers only respect that header if it is
 * signed (RFC 8058).
 */
export const signedHeaders = [
  'From',
  'Sender',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'To',
  'Cc',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'Auto-Submitted',
].join(':');
