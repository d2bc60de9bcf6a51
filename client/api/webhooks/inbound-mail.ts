import type { Readable } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { mailConnections } from '../../../config/delivery-reports.ts';
import type { Database } from '../../../records/database.ts';
import { readDeliveryStatus } from '../../../providers/smtp/delivery-status.ts';
import { instantOf } from '../../../domain/time/time.ts';
import type { Keyring } from '../../../security/keyring.ts';
import { keepDeliveryReport, referenceOf, wasSentToOneOf } from '../../../records/messages/deliveries.ts';
import type { Postman } from './postman.ts';

interface Parts {
  database: Database;
  keyring: Keyring;
  log: FastifyBaseLogger;
  /** `bounces@claims.example.com`; port 0 takes any. */
  bounces: string;
  port: number;
}

/** A report contains only the headers of the returned mail, so it is never larger. */
const largestBytes = 256 * 1024;

/**
 * Receives delivery status notifications (RFC 3464) about undeliverable mail. Each message has a return
 * address of its own, which nobody can guess, so the address identifies the message. The sender of a mail
 * proves nothing. A report that names another recipient than the message's, and all other mail, is dropped.
 */
export async function startInboundMail(
  parts: Parts,
  postman: Postman,
): Promise<{ port: number; stop(): Promise<void> }> {
  const [name = '', domain = ''] = parts.bounces.split('@');
  const tokenIn = (address: string): string | undefined =>
    new RegExp(`^${escaped(name)}\\+([0-9a-f]{32})@${escaped(domain)}$`, 'i')
      .exec(address)?.[1]
      ?.toLowerCase();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: largestBytes,
    maxClients: mailConnections,
    onRcptTo: ({ address }, _, done) =>
      done(tokenIn(address) ? undefined : rejection(550, 'There is no such mailbox')),
    onData(stream, { envelope }, done) {
      const token = tokenIn(envelope.rcptTo[0]?.address ?? '') ?? '';
      collected(stream)
        .then((mail) =>
          mail
            ? taken(parts, postman, token, mail)
            : Promise.reject(rejection(552, 'The message is larger than a report is')),
        )
        .then(
          () => done(),
          (fault: unknown) =>
            done(
              fault instanceof Error && 'responseCode' in fault ? fault : rejection(451, 'Try again later'),
            ),
        );
    },
  });
  server.on('error', (fault) => parts.log.warn({ fault: fault.name }, 'inbound mail'));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(parts.port, '127.0.0.1', resolve);
  });
  const address = server.server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : parts.port,
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

async function taken(
  { database, keyring, log }: Parts,
  postman: Postman,
  token: string,
  mail: Buffer,
): Promise<void> {
  const { attachments } = await PostalMime.parse(mail, {
    attachmentEncoding: 'utf8',
    forceRfc822Attachments: true,
  });
  const part = attachments.find(({ mimeType }) => mimeType === 'message/delivery-status');
  const status = part && readDeliveryStatus(String(part.content));
  const reference = status && (await referenceOf(database, 'email', `<${token}@`));
  // Such as an out-of-office reply, or an answer to the bounce address. The claim does not need it.
  if (!status || !reference)
    return log.warn({ report: Boolean(status) }, 'returned mail that is about no message of ours');
  const { recipients, ...outcome } = status;
  if (!(await wasSentToOneOf(database, keyring, reference, recipients)))
    return log.warn('returned mail that names another recipient than that of the message');
  const id = `dsn:${token}:${status.outcome}`;
  const kept = await keepDeliveryReport(database, keyring, {
    ...outcome,
    id,
    reference,
    providerId: '',
    at: instantOf(Date.now()),
  });
  if (kept === 'to-forward')
    await postman.forward(id).catch(() => log.warn('the delivery report is forwarded to its claim later'));
}

/** Undefined when the mail is too large; the rest is read and dropped, as SMTP requires. */
async function collected(stream: Readable): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= largestBytes) chunks.push(bytes);
  }
  return size <= largestBytes ? Buffer.concat(chunks) : undefined;
}

const rejection = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
