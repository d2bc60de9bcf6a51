import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SendOutcome } from '../activities/messages/contract.ts';
import { notificationActivities } from '../activities/messages/messages.ts';
import { localKeys } from '../config/env.ts';
import type { Notification } from '../domain/messages/notifications.ts';
import { freePort } from '../local/processes/ports.ts';
import { programRole, startPostgres } from '../local/servers/postgres.ts';
import { startSmsStandIn } from '../local/servers/sms-stand-in.ts';
import { migrateFor } from '../prisma/migrate.ts';
import { mailTokens } from '../records/keys/contact-key.ts';
import { smtpEmail } from '../providers/smtp/email.ts';
import { twilioSms } from '../providers/twilio/sms.ts';
import { connectDatabase, type Database } from '../records/database.ts';
import { ensureLocalKeyring, loadKeys } from '../security/key-folder.ts';
import { createRenderer, templatesFolder } from '../wording/renderer/renderer.ts';
import {
  claimContext,
  dueMessages,
  nextMorning,
  night,
  progress,
  storePeople,
  type DueMessage,
} from './due-messages.ts';
import { startMailServer } from './mail-server.ts';

const usage = `npm run bench:drain -- [--messages N]
Sends messages that are due in one minute, four to each person: how fast they go out, by night and by day,
within contact hours and caps. PostgreSQL, Twilio's client against the stand-in and SMTP are real; as many
messages go at once as in a worker.
  --messages N  how many (2000)`;

/** As many as in `workers/claims-worker.ts`. */
const atOnce = 100;
const toEach = 4;

type Send = (notification: Notification, person: number, now: string) => Promise<SendOutcome>;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { messages: { type: 'string', default: '2000' }, help: { type: 'boolean', default: false } },
  });
  const messages = Number(values.messages);
  if (values.help || !Number.isInteger(messages) || messages < toEach)
    return void process.stdout.write(`${usage}\n`);
  const people = Math.ceil(messages / toEach);
  await withRecordsOf(people, async (database, send) => {
    const due = dueMessages(messages, people);
    const byNight = await drained(due, byText(send, night));
    const byDay = await drained(due, byTextElseEmail(send, nextMorning));
    process.stdout.write(
      [
        `At ${night} (22:30 there):`,
        ...inWords(byNight),
        `At ${nextMorning} (10:00 there):`,
        ...inWords(byDay),
        `Most texts to one person: ${await mostTextsToOne(database)}`,
        '',
      ].join('\n'),
    );
  });
}

/** Starts records with so many people, and both providers; stops and removes everything afterwards. */
async function withRecordsOf(
  people: number,
  work: (database: Database, send: Send) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lipei-drain-'));
  const account = { accountSid: `AC${'d4'.repeat(16)}`, authToken: 'token' };
  const [records, sms, mail] = await Promise.all([
    startPostgres({ dataDir, port: await freePort() }),
    startSmsStandIn({ port: 0, ...account }),
    startMailServer(),
  ]);
  try {
    await migrateFor(records.ownersUrl, programRole);
    ensureLocalKeyring(localKeys(dataDir));
    const { keyring } = loadKeys({ directory: localKeys(dataDir) });
    const database = connectDatabase(records.programsUrl);
    await storePeople(database, keyring, people);
    const activities = notificationActivities({
      database,
      keyring,
      renderer: createRenderer(templatesFolder),
      sms: twilioSms({ ...account, from: '+15005550006', baseUrl: sms.url }),
      email: smtpEmail({
        url: mail.url,
        from: 'Claims <claims@lipei.example>',
        tokenOf: mailTokens(database, keyring),
      }),
    });
    await work(database, (notification, person, now) =>
      activities.sendNotification({ about: claimContext(person), notification, now }),
    );
    await database.$disconnect();
  } finally {
    await Promise.all([sms.stop(), mail.stop()]);
    await records.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const byText =
  (send: Send, now: string) =>
  async ({ person, seq }: DueMessage): Promise<string> =>
    outcomeInWords(await send(progress(seq, 'sms'), person, now));

const byTextElseEmail =
  (send: Send, now: string) =>
  async ({ person, seq }: DueMessage): Promise<string> => {
    const outcome = await send(progress(seq, 'sms'), person, now);
    if (outcome.kind !== 'undeliverable') return outcomeInWords(outcome);
    const byEmail = await send(progress(seq, 'email'), person, now);
    return `by email (${outcome.code}): ${outcomeInWords(byEmail)}`;
  };

interface Drained {
  seconds: number;
  counts: Map<string, number>;
}

async function drained<T>(due: T[], send: (one: T) => Promise<string>): Promise<Drained> {
  const [started, counts, left] = [performance.now(), new Map<string, number>(), [...due]];
  const one = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const outcome = await send(next);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return { seconds: (performance.now() - started) / 1000, counts };
}

async function mostTextsToOne(database: Database): Promise<number> {
  const [row] = await database.$queryRaw<{ most: bigint }[]>`
    SELECT max(n) AS most
    FROM (
      SELECT count(*) AS n FROM notification WHERE channel = 'sms' AND taken_at IS NOT NULL GROUP BY contact
    ) AS counted`;
  return Number(row?.most);
}

const outcomeInWords = (outcome: SendOutcome): string =>
  outcome.kind === 'later' ? `waits ${(outcome.seconds / 3600).toFixed(1)} h` : outcome.kind;

function inWords({ seconds, counts }: Drained): string[] {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [
    `  ${all} in ${seconds.toFixed(1)} s, ${(all / seconds).toFixed(0)} a second`,
    ...[...counts].map(([outcome, count]) => `  ${String(count).padStart(6)}  ${outcome}`),
  ];
}

await main();
