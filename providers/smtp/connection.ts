import nodemailer from 'nodemailer';
import { present } from '../../domain/present.ts';
import { fieldOf } from '../fault-field.ts';
import { isLoopback } from '../provider-url.ts';
import { limitsOf, type SmtpAccount } from './account.ts';
import { signedHeaders } from './headers.ts';

/** Carries one message at a time, so that its conversation is about that message. */
export type SmtpConnection = ReturnType<typeof connectionTo>;

/**
 * A connection that is made for the first message, and again for the next if it has ended in between.
 * nodemailer never sends a message again by itself.
 */
export function connectionTo(account: SmtpAccount) {
  const conversation = follow();
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

interface Conversation {
  logger: Record<
    'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    (entry: unknown, ...rest: unknown[]) => void
  >;
  /** Begins with the next message. */
  begin(): void;
  textAskedFor(): boolean;
}

/**
 * Follows whether the server asked for the text of the message: 354, or any 2xx in reply to DATA, as some
 * servers send it. Each line of the client has one reply, after the greeting of a new connection. No line is
 * kept, because lines name the recipient.
 */
function follow(): Conversation {
  let asked = false;
  let unanswered: string[] = [];
  const take = (entry: unknown, line: unknown): void => {
    const side = fieldOf(entry, 'tnx');
    if (side === 'network') unanswered = ['connection'];
    if (side === 'client') unanswered.push(String(line));
    if (side === 'server') asked ||= invites(unanswered.shift(), String(line));
  };
  return {
    logger: { trace: ignore, debug: take, info: take, warn: ignore, error: ignore, fatal: ignore },
    begin: () => void (asked = false),
    textAskedFor: () => asked,
  };
}

const ignore = (): void => {};

const invites = (command: string | undefined, reply: string): boolean =>
  reply.startsWith('354') || (command === 'DATA' && reply.startsWith('2'));
