import { createHash } from 'node:crypto';

import nodemailer from 'nodemailer';

import type { EmailPort, SendAnswer } from '../ports.ts';
import { withoutTurns } from '../../domain/text-direction.ts';
import { fieldOf } from '../fault-field.ts';
import { isLoopback, withReference } from '../provider-url.ts';
import { present } from '../../domain/present.ts';

/**
 * What a mail server's refusal for good (5xx) means, by the command that it refused. A policy code (5.7.x)
 * that refuses a
 * recipient is about us: relaying, our address's reputation, our records.
 */
function whyRefused(command: string, reply: string): Refused['why'] {
  const policy = /^5\d\d[ -]5\.7\./.test(reply);
  if (command === 'RCPT TO') return policy ? 'configuration' : 'recipient';
  if (command === 'DATA') return 'content';
  return 'configuration'; // the greeting, EHLO, STARTTLS, AUTH, MAIL FROM
}

/**
 * nodemailer's own refusals, before anything is sent: no credentials, larger than the server takes, no
 * recipient.
 */
const refusedByOurselves: Record<string, Refused['why']> = {
  EAUTH: 'configuration',
  ENOAUTH: 'configuration',
  EMESSAGE: 'content',
  EENVELOPE: 'recipient',
};

type Refused = Extract<SendAnswer, { kind: 'refused' }>;

/** Greylisting servers want to be asked again after five minutes at the earliest, and say so with a 4xx. */
const laterSeconds = 300;

export interface SmtpAccount {
  /**
   * `smtp://host:port` or `smtps://user:password@host:port`. Anywhere but on this machine, STARTTLS is
   * demanded of `smtp`.
   */
  url: string;
  /** `Lipei Claims <claims@example.com>` or the bare address. */
  from: string;
  /**
   * Where a reader unsubscribes from what is not mandatory (POST, RFC 8058); what stands for the message is
   * added as `?s=`.
   */
  unsubscribe?: string;
  /**
   * Where mail that cannot be delivered comes back to: `bounces@claims.example.com`. What stands for the
   * message is added to its name.
   */
  bounces?: string;
  dkim?: { domainName: string; keySelector: string; privateKey: string };
  /**
   * Waiting for the server: at connecting and for its greeting; for any reply; for the whole message. And how
   * long a connection is kept for the next one.
   */
  limitsMs?: { connect: number; silence: number; whole: number; idle: number };
}

/**
 * Email through an SMTP server. SMTP cannot tell a lost message from a lost answer, so each message has a
 * connection to itself, a kept
 * one if there is, whose conversation is listened to: before the server has asked for the text (354) nothing
 * was sent. Throws at once
 * for addresses that are none.
 */
export function smtpEmail(account: SmtpAccount): EmailPort {
  const domain = domainOf(account.from);
  if (!/^smtps?:$/.test(new URL(account.url).protocol))
    throw new Error('The mail server has an smtp: or smtps: address');
  const unsubscribe = account.unsubscribe === undefined ? undefined : new URL(account.unsubscribe);
  const free: Line[] = [];
  return {
    async send(message) {
      if (!isSingleAddress(message.to.address)) return { kind: 'refused', why: 'recipient', code: 'address' };
      const messageId = messageIdOf(message.reference, domain);
      const mail: Mail = {
        from: account.from,
        to: { name: oneLine(message.to.name), address: message.to.address },
        subject: oneLine(message.subject),
        text: message.text,
        html: message.html,
        messageId,
        ...threadOf(message.reference, domain),
        ...present({
          envelope: account.bounces
            ? { from: returnPathOf(message.reference, account.bounces), to: [message.to.address] }
            : undefined,
        }),
        headers: headersOf(message, unsubscribe),
        disableFileAccess: true,
        disableUrlAccess: true,
        signal: AbortSignal.timeout(limitsOf(account).whole),
      };
      const over = async (line: Line): Promise<SendAnswer> => {
        const fault = await faultOver(line, mail);
        if (!fault) free.push(line);
        return fault ?? { kind: 'accepted', providerId: messageId };
      };
      const kept = free.pop();
      const answer = await over(kept ?? lineTo(account));
      // A kept connection may have ended just now, or have carried as many mails as its server takes over
      // one.
      return kept && answer.kind === 'busy' ? over(lineTo(account)) : answer;
    },
  };
}

type Mail = Parameters<Line['transport']['sendMail']>[0];

/** Undefined when the server took it; else the connection is given up. */
async function faultOver({ transport, conversation }: Line, mail: Mail): Promise<SendAnswer | undefined> {
  conversation.begin();
  try {
    await transport.sendMail(mail);
    return undefined;
  } catch (error) {
    transport.close();
    return answerOf(error, conversation.textAskedFor());
  }
}

/**
 * The same message has the same id at every attempt: a reader that got it twice may show it once, and a
 * bounce finds its ledger row.
 */
export const messageIdOf = (reference: string, domain: string): string => `<${tokenOf(reference)}@${domain}>`;

/** Stands for a message where others see it, and nobody can guess it: a reference could be guessed. */
const tokenOf = (reference: string): string =>
  createHash('sha256').update(reference).digest('hex').slice(0, 32);

/** Every mail of a claim answers one that was never sent, so that mailboxes show them together. */
function threadOf(reference: string, domain: string): { inReplyTo: string; references: string } {
  const root = messageIdOf(`claim ${reference.split('/')[0]}`, domain);
  return { inReplyTo: root, references: root };
}

/** `bounces+<token>@claims.example.com`: whatever comes back there is about this message (VERP). */
const returnPathOf = (reference: string, bounces: string): string =>
  bounces.replace('@', `+${tokenOf(reference)}@`);

function domainOf(from: string): string {
  const domain = /@([A-Za-z0-9.-]+)>?$/.exec(from.trim())?.[1];
  if (!domain) throw new Error('The sender of emails has no domain');
  return domain;
}

/**
 * One mailbox and nothing that a header or an SMTP command could take for more: no comma, no line break, no
 * quotes, no brackets.
 */
export const isSingleAddress = (address: string): boolean =>
  address.length <= 254 &&
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/.test(
    address,
  );

const oneLine = (text: string): string =>
  withoutTurns(text)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();

function headersOf(
  { mandatory, reference }: { mandatory: boolean; reference: string },
  unsubscribe: URL | undefined,
): Record<string, string> {
  const automatic = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };
  if (mandatory || !unsubscribe) return automatic;
  return {
    ...automatic,
    'List-Unsubscribe': `<${withReference(unsubscribe, tokenOf(reference))}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

/** For one message at a time: what is said on it is about that message. */
type Line = ReturnType<typeof lineTo>;

/**
 * A connection that is made at the first message, and again at the next when it has ended in between. No
 * message is ever sent on again unasked.
 */
function lineTo(account: SmtpAccount) {
  const conversation = listen();
  const { connect, silence, idle } = limitsOf(account);
  const { protocol, hostname } = new URL(account.url);
  const upgrade = protocol === 'smtp:' && (isLoopback(hostname) ? { ignoreTLS: true } : { requireTLS: true });
  const transport = nodemailer.createTransport({
    url: account.url,
    ...upgrade,
    pool: true,
    maxConnections: 1,
    maxRequeues: 0,
    idleTimeout: idle,
    connectionTimeout: connect,
    greetingTimeout: connect,
    dnsTimeout: connect,
    socketTimeout: silence,
    transactionLog: true,
    logger: conversation.logger,
    ...present({ dkim: account.dkim ? { ...account.dkim, headerFieldNames: signedHeaders } : undefined }),
  });
  return { transport, conversation };
}

/**
 * Under the 30 s that an activity has for one message. Connections are kept while many mails go out, not for
 * minutes as servers would let them.
 */
const limitsOf = (account: SmtpAccount) =>
  account.limitsMs ?? { connect: 8_000, silence: 15_000, whole: 25_000, idle: 2_000 };

/**
 * nodemailer's own list leaves out List-Unsubscribe-Post, which mailbox providers heed only if it is signed
 * (RFC 8058).
 */
const signedHeaders =
  'From:Sender:Reply-To:Subject:Date:Message-ID:To:Cc:MIME-Version:Content-Type:Content-Transfer-Encoding:List-Unsubscribe:List-Unsubscribe-Post:Auto-Submitted';

interface Conversation {
  logger: Record<
    'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    (entry: unknown, ...rest: unknown[]) => void
  >;
  /** From here on it is about the next message. */
  begin(): void;
  textAskedFor(): boolean;
}

/**
 * Hears whether the server asked for the text of the message: 354, or what some servers say instead, any 2xx
 * in answer to DATA.
 * Each line of the client's is answered once, after the greeting of a new connection. Nothing heard is kept:
 * it names the recipient.
 */
function listen(): Conversation {
  let asked = false;
  let unanswered: string[] = [];
  const hear = (entry: unknown, line: unknown): void => {
    const side = fieldOf(entry, 'tnx');
    if (side === 'network') unanswered = ['connection'];
    if (side === 'client') unanswered.push(String(line));
    if (side === 'server') asked ||= invites(unanswered.shift(), String(line));
  };
  return {
    logger: { trace: ignore, debug: hear, info: hear, warn: ignore, error: ignore, fatal: ignore },
    begin: () => void (asked = false),
    textAskedFor: () => asked,
  };
}

const ignore = (): void => {};

const invites = (command: string | undefined, reply: string): boolean =>
  reply.startsWith('354') || (command === 'DATA' && reply.startsWith('2'));

/**
 * A reply decides; without one, what counts is whether the text can have arrived. The error itself goes no
 * further: it names the recipient.
 */
function answerOf(error: unknown, textAskedFor: boolean): SendAnswer {
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
