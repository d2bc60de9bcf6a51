import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { z } from 'zod';
import { connectDatabase, type Database } from '../../records/database.ts';
import type { SendOutcome } from '../../activities/messages/contract.ts';
import { notificationActivities } from '../../activities/messages/messages.ts';
import { mailTokens } from '../../records/keys/contact-key.ts';
import { smtpEmail } from '../../providers/smtp/email.ts';
import type { SmtpAccount } from '../../providers/smtp/account.ts';
import { twilioSms, type TwilioAccount } from '../../providers/twilio/sms.ts';
import { createRenderer, templatesFolder } from '../../wording/renderer/renderer.ts';
import type { ApiContext } from '../../client/api/context.ts';
import { notForwarded } from '../../records/inbox/inbox.ts';
import { startInboundMail } from '../../client/api/webhooks/inbound-mail.ts';
import type { Postman } from '../../client/api/webhooks/postman.ts';
import { countRequests } from '../../client/api/limits.ts';
import { noLimits } from '../support/no-limits.ts';
import { twilioWebhook } from '../../client/api/webhooks/twilio.ts';
import { environmentWith, projectRoot } from '../../config/env.ts';
import { webhookPaths } from '../../config/webhook-paths.ts';
import { freePort } from '../../local/processes/ports.ts';
import { startSmsStandIn } from '../../local/servers/sms-stand-in.ts';
import { messageSchema, type Message as StandInMessage } from '../../local/sms/messages.ts';
import { claimNumber } from '../../domain/ids.ts';
import type { Notification, LedgerOutcome } from '../../domain/messages/notifications.ts';
import { reportReader } from '../../domain/claim/reports.ts';
import { newPartyKey, seal } from '../../security/sealing.ts';
import { anOpening, aPolicyholder, ClaimUnderTest, handler, aMessage } from '../support/builders.ts';
import { startMailServer, type MailServer } from '../support/mail-server.ts';
import { canary } from '../support/notices.ts';
import { keepRecords } from '../support/records.ts';
import { asProgram, ownDatabase } from '../support/runtime.ts';
import { testKeyring } from '../support/test-keyring.ts';
import type { Hook, SenderOrder } from './sender.ts';
import { present } from '../../domain/present.ts';

const account = { accountSid: `AC${'b2'.repeat(16)}`, authToken: 'token-of-the-account' };
const bounces = 'bounces@lipei.example';
const keyring = testKeyring();
const taken = z.object({ messages: z.array(messageSchema) });
const run = promisify(execFile);

/**
 * Everything that a message goes through, for real: ledger, Twilio's stand-in with its callbacks, a mail
 * server, mail that comes back.
 */
export interface World {
  database: Database;
  mail: MailServer;
  /** Whatever any part wrote to a log or to its output. */
  output: string[];
  /** What the stand-in has taken, inbound texts too. */
  texts(): Promise<StandInMessage[]>;
  /** The stand-in meets its next requests so. */
  fault(answer: string, times?: number, retryAfterSeconds?: number): Promise<void>;
  /** A telephone answers us. */
  answers(from: string, body: string): Promise<void>;
  inboundPort: number;
  twilio: TwilioAccount;
  smtp: Omit<SmtpAccount, 'tokenOf'>;
  /** A claim that has just been acknowledged, of a person with a telephone and a mailbox of their own. */
  opens(contact?: { phone?: string; email?: string }): Promise<Correspondence>;
  close(): Promise<void>;
}

export interface Correspondence {
  number: string;
  phone: string;
  mailbox: string;
  subject: ClaimUnderTest;
  /**
   * Sends one planned message in a process of its own, which dies at the hook; gives its outcome, or
   * `killed`.
   */
  sends(
    id: string,
    killAt?: Hook,
    change?: Partial<SenderOrder>,
  ): Promise<
    SendOutcome | { kind: 'killed' } | { kind: 'threw'; type: string; delay: string; message: string }
  >;
  /** As the workflow does: until no message is open, with leases expired and delivery reports forwarded. */
  heals(): Promise<void>;
  planned(): string[];
  /** The customer withdraws: the claim closes and hears nothing more. */
  closes(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const ownersUrl = await ownDatabase();
  const databaseUrl = asProgram(ownersUrl);
  const [database, programs] = [connectDatabase(ownersUrl), connectDatabase(databaseUrl)];
  await keepRecords(database);
  const output: string[] = [];
  const api = Fastify();
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const log = pino({ base: null }, { write: (line: string) => void output.push(line) });
  const postman: Postman = {
    forward: async () => undefined,
    round: async () => undefined,
    stop: async () => undefined,
  };
  await countRequests(api, noLimits);
  await takeCallbacks(api, { database: programs, keyring, publicUrl, log }, postman);
  await api.listen({ port, host: '127.0.0.1' });
  const standIn = await startSmsStandIn({
    port: 0,
    ...account,
    delays: { sentMs: 20, deliveredMs: 20 },
    inboundUrl: `${publicUrl}${webhookPaths.twilioInbound}`,
  });
  const mail = await startMailServer();
  const inbound = await startInboundMail({ database: programs, keyring, log, bounces, port: 0 }, postman);
  const twilio = {
    ...account,
    from: '+15005550006',
    baseUrl: standIn.url,
    statusCallback: `${publicUrl}${webhookPaths.twilioStatus}`,
    timeoutMs: 1_500,
  };
  const smtp: Omit<SmtpAccount, 'tokenOf'> = {
    url: mail.url,
    from: 'Claims <claims@lipei.example>',
    bounces,
    limitsMs: { connect: 1_500, silence: 1_500, whole: 4_000, idle: 300 },
  };
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${standIn.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  let persons = 0;

  return {
    database,
    mail,
    output,
    inboundPort: inbound.port,
    twilio,
    smtp,
    texts: async () => taken.parse(await (await fetch(`${standIn.url}/stand-in/messages`)).json()).messages,
    fault: async (answer, times = 1, retryAfterSeconds = 1) =>
      void (await post('/stand-in/faults', { answer, times, retryAfterSeconds })),
    answers: async (from, body) =>
      void (await fetch(`${standIn.url}/stand-in/answers`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ from, to: '+15005550006', body }),
      })),
    async opens({ phone, email } = {}) {
      persons += 1;
      const own = {
        name: `Wang ${canary}`,
        phone: phone ?? `+86135${String(persons).padStart(8, '0')}`,
        email: email ?? `p${persons}.${canary}@example.com`.toLowerCase(),
      };
      const number = claimNumber('faults', `${databaseUrl}-${persons}`);
      const key = newPartyKey(keyring);
      await database.party.create({
        data: {
          claim: number,
          id: 'party-1',
          role: 'policyholder',
          locale: 'en',
          timeZone: 'Asia/Shanghai',
          key,
          sealed: seal(key, keyring, own, `${number}/party-1`),
        },
      });
      const subject = new ClaimUnderTest(
        anOpening({ number, parties: [aPolicyholder()] }),
        new Date().toISOString(),
      );
      subject.take({ kind: 'acknowledge' });
      // Lists of claims look for open ones.
      await database.claim.create({
        data: {
          number,
          line: 'motor',
          jurisdiction: 'CN',
          branch: 'longkou',
          stage: 'survey',
          stageSince: new Date(),
          handler: 'C-301',
          surveyor: 'S-201',
          urgency: 'normal',
          claimedMinor: 1n,
          currency: 'CNY',
          openedAt: new Date(),
          lastContactAt: new Date(),
          seq: 1,
          state: {},
        },
      });
      return correspondence({
        database,
        databaseUrl,
        twilio,
        smtp,
        output,
        number,
        subject,
        phone: own.phone,
        mailbox: own.email,
      });
    },
    async close() {
      await Promise.all([standIn.stop(), api.close(), mail.stop(), inbound.stop()]);
      await Promise.all([database.$disconnect(), programs.$disconnect()]);
    },
  };
}

/** The API's own route, with nothing of the API that it does not use. */
async function takeCallbacks(
  api: FastifyInstance,
  { database, publicUrl, log }: Pick<ApiContext, 'database' | 'keyring' | 'publicUrl' | 'log'>,
  postman: Postman,
): Promise<void> {
  const unused = {} as Omit<ApiContext, 'database' | 'keyring' | 'publicUrl' | 'log' | 'twilioTokens'>; // oxlint-disable-line no-unsafe-type-assertion -- a route that used more would fail
  await api.register(async (scope) =>
    twilioWebhook(
      scope,
      { ...unused, database, keyring, publicUrl, log, twilioTokens: [account.authToken] },
      postman,
    ),
  );
}

interface Parts {
  database: Database;
  databaseUrl: string;
  twilio: TwilioAccount;
  smtp: Omit<SmtpAccount, 'tokenOf'>;
  output: string[];
  number: string;
  phone: string;
  mailbox: string;
  subject: ClaimUnderTest;
}

function correspondence({
  database,
  databaseUrl,
  twilio,
  smtp,
  output,
  number,
  phone,
  mailbox,
  subject,
}: Parts): Correspondence {
  const about = {
    contactHours: { from: 0, to: 24 * 60 },
    number,
    line: 'motor',
    jurisdiction: 'CN',
    currency: 'CNY',
    caps: { smsADay: 1_000, hoursBetweenChases: 1 },
    handler: 'C-301',
    branch: 'longkou',
    items: [{ id: 'item-1', object: 'insured-vehicle' }],
  };
  const activities = notificationActivities({
    database,
    keyring,
    renderer: createRenderer(templatesFolder),
    sms: twilioSms(twilio),
    email: smtpEmail({ ...smtp, tokenOf: mailTokens(database, keyring) }),
  });
  const found = (id: string): Notification => {
    const notification = subject.claim.outbox.find((planned) => planned.id === id);
    if (!notification)
      throw new Error(
        `${id} is not planned; there is ${subject.claim.outbox.map((each) => each.id).join(', ')}`,
      );
    return notification;
  };

  async function untilEnded(notification: Notification): Promise<LedgerOutcome> {
    for (const limit = Date.now() + 20_000; Date.now() < limit; await pause(50)) {
      const outcome = await activities
        .sendNotification({ about, notification, now: now() })
        .catch((fault: unknown) => void output.push(String(fault)));
      if (outcome?.kind === 'uncertain') return cleared(notification.id);
      if (outcome && outcome.kind !== 'later') return outcome;
      await leasesRunOut();
    }
    throw new Error(`${notification.id} does not end`);
  }

  /** Three minutes later, when receipts have had time to come. */
  async function cleared(id: string): Promise<LedgerOutcome> {
    await pause(300);
    return activities.clearUp({ claim: number, notification: id });
  }

  const leasesRunOut = (): Promise<unknown> =>
    database.$executeRaw`
      UPDATE notification SET lease_until = now() - interval '1 second'
      WHERE claim = ${number} AND state = 'sending'`;

  /** Everything that is in the inbox for this claim, as the postman tells it. */
  async function hears(): Promise<void> {
    const rows = (await notForwarded(database, { before: new Date(Date.now() + 1_000) })).filter(
      ({ claim }) => claim === number,
    );
    for (const { id, name, fields } of rows) {
      const read = reportReader(name)(fields, name);
      if (read.kind === 'malformed') throw new Error(read.sentence);
      subject.take({ ...read.value, message: aMessage(id) });
      await database.inbox.update({ where: { id }, data: { forwardedAt: new Date() } });
    }
  }

  return {
    number,
    phone,
    mailbox,
    subject,
    planned: () => subject.claim.outbox.map(({ id }) => id),
    async closes() {
      subject.does(handler, { kind: 'withdraw' });
      for (const { id } of subject.claim.items) subject.take({ kind: 'conclude', item: id });
      subject.take({ kind: 'close' });
      await database.claim.update({
        where: { number },
        data: { outcome: subject.claim.outcome ?? null, state: JSON.parse(JSON.stringify(subject.claim)) },
      });
    },
    async sends(id, killAt, change = {}) {
      const order: SenderOrder = {
        databaseUrl,
        twilio,
        smtp,
        sending: { about, notification: found(id), now: now() },
        ...present({ killAt }),
        ...change,
      };
      const node = join(projectRoot, 'node_modules', '.bin', 'node');
      const ended = await run(
        node,
        [
          '--disable-warning=ExperimentalWarning',
          join(import.meta.dirname, 'sender.ts'),
          JSON.stringify(order),
        ],
        { env: environmentWith({}) },
      ).catch((fault: unknown) => Object(fault));
      output.push(String(ended.stderr), String(ended.stdout));
      return ended.signal === 'SIGKILL' ? { kind: 'killed' } : JSON.parse(String(ended.stdout));
    },
    async heals() {
      subject.now = now();
      for (let rounds = 0; rounds < 30; rounds += 1) {
        await hears();
        const [next] = subject.claim.outbox;
        if (next)
          subject.take({
            kind: 'notification-ended',
            notification: next.id,
            outcome: await untilEnded(next),
          });
        else if (await atRest(database, number)) return;
        else await pause(100);
      }
      throw new Error(
        `${number} does not come to rest: ${subject.claim.outbox.map(({ id }) => id).join(', ')}`,
      );
    },
  };
}

/**
 * Every message of the inbox is forwarded, and no text that was taken lacks its last report, but where
 * reports were turned off.
 */
async function atRest(database: Database, claim: string): Promise<boolean> {
  return (await database.inbox.count({ where: { claim, forwardedAt: null } })) === 0;
}

const now = (): string => new Date().toISOString();

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
