import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { SMTPServer } from 'smtp-server';
import { mailConnections } from '../../../config/delivery-reports.ts';
import type { Database } from '../../../records/database.ts';
import type { DeliveryStatus } from '../../../providers/smtp/delivery-status.ts';
import { readReturnedMail } from '../../../providers/smtp/returned-mail.ts';
import { present } from '../../../domain/present.ts';
import { instantOf } from '../../../domain/time/time.ts';
import type { Keyring } from '../../../security/keyring.ts';
import { keepDeliveryReport, referenceOf, wasSentToOneOf } from '../../../records/messages/deliveries.ts';
import { followUpOnMail } from '../../../records/claims/follow-ups.ts';
import { isStaffMail, staffMailCameBack } from '../../../records/messages/staff-mail.ts';
import { contactHashing } from '../../../records/keys/contact-key.ts';
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
 * Receives mail about undeliverable mail: delivery status notifications (RFC 3464), and what servers write in
 * their own words. Each message has a return address of its own, which nobody can guess, so the address
 * identifies the message. The sender of a mail proves nothing: it counts only for the recipient that it
 * names. Out-of-office replies and delays are dropped. What nobody understands is for operations.
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
    onRcptTo({ address }, _, done) {
      const token = tokenIn(address);
      (token ? isOurs(parts, token) : Promise.resolve(false)).then(
        (isKnown) => done(isKnown ? undefined : rejection(550, 'There is no such mailbox')),
        () => done(rejection(451, 'Try again later')),
      );
    },
    onData(stream, { envelope }, done) {
      const tokens = envelope.rcptTo.flatMap(({ address }) => tokenIn(address) ?? []);
      collected(stream)
        .then(async (mail) => {
          if (!mail) throw rejection(552, 'The message is larger than a report is');
          for (const token of tokens) await taken(parts, postman, token, mail);
        })
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

/**
 * The message that has this token. A mail may come back before the records know that it was sent, so they are
 * asked twice.
 */
async function messageOf({ database }: Parts, token: string): Promise<string | undefined> {
  const known = await referenceOf(database, 'email', `<${token}@`);
  if (known) return known;
  await pause(waitMs);
  return referenceOf(database, 'email', `<${token}@`);
}

const waitMs = 1_000;

const isOurs = async (parts: Parts, token: string): Promise<boolean> =>
  (await isStaffMail(parts.database, token)) || (await messageOf(parts, token)) !== undefined;

async function taken(parts: Parts, postman: Postman, token: string, mail: Buffer): Promise<void> {
  const { database, keyring, log } = parts;
  const read = await readReturnedMail(mail);
  if (await isStaffMail(database, token)) return takenFromStaff(parts, token, read);
  const reference = await messageOf(parts, token);
  if (!reference) return log.warn('mail came back that is about no message of ours');
  if (read.kind === 'automatic')
    return log.info({ reference }, 'an automatic reply or a delay; nothing to do');
  const status = read.kind === 'about' ? await theirs(parts, reference, read.statuses) : undefined;
  if (status) return keep(parts, postman, token, reference, status);
  log.warn({ reference }, 'mail came back that nobody understands; it is on the list of operations');
  return followUpOnMail(database, keyring, { reference, id: `mail:${token}`, words: read.words });
}

/** The status of the message's own recipient; undefined when the mail names only others. */
async function theirs(
  { database, keyring }: Parts,
  reference: string,
  statuses: DeliveryStatus[],
): Promise<DeliveryStatus | undefined> {
  for (const status of statuses)
    if (await wasSentToOneOf(database, keyring, reference, status.recipients)) return status;
  return undefined;
}

async function keep(
  { database, keyring, log }: Parts,
  postman: Postman,
  token: string,
  reference: string,
  { outcome, code, why }: DeliveryStatus,
): Promise<void> {
  const id = `dsn:${token}:${outcome}`;
  const kept = await keepDeliveryReport(database, keyring, {
    ...present({ code, why }),
    outcome,
    id,
    reference,
    providerId: '',
    at: instantOf(Date.now()),
  });
  if (kept === 'to-forward')
    await postman.forward(id).catch(() => log.warn('the delivery report is forwarded to its claim later'));
}

/** A mail to a member of staff: operations look after the mailbox. */
async function takenFromStaff({ database, keyring, log }: Parts, token: string, read: Read): Promise<void> {
  if (read.kind === 'automatic') return log.info('an automatic reply to a mail to staff; nothing to do');
  const hashContact = await contactHashing(database, keyring);
  const bounced = read.kind === 'about' ? read.statuses.filter(({ outcome }) => outcome === 'bounced') : [];
  for (const { recipients, code } of bounced) {
    const mailboxes = recipients.map(hashContact);
    if (await staffMailCameBack(database, { token, mailboxes, ...present({ code }) })) return undefined;
  }
  return log.warn('mail to a member of staff came back, and it does not say that it failed for them');
}

type Read = Awaited<ReturnType<typeof readReturnedMail>>;

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
