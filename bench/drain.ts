import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectDatabase, type Database } from '../records/database.ts';
import type { About, SendOutcome } from '../activities/messages/contract.ts';
import { notificationActivities } from '../activities/messages/messages.ts';
import { smtpEmail } from '../providers/smtp/email.ts';
import { twilioSms } from '../providers/twilio/sms.ts';
import { createRenderer, templatesFolder } from '../wording/renderer/renderer.ts';
import { houseRules } from '../config/rules/load.ts';
import type { Notification } from '../domain/messages/notifications.ts';
import { freePort } from '../local/processes/ports.ts';
import { startPostgres } from '../local/servers/postgres.ts';
import { startSmsStandIn } from '../local/servers/sms-stand-in.ts';
import { migrate } from '../prisma/migrate.ts';
import { ensureLocalKeyring, loadKeys } from '../security/key-folder.ts';
import { type Keyring } from '../security/keyring.ts';
import { newPartyKey, seal } from '../security/sealing.ts';
import { startMailServer } from './mail-server.ts';

const usage = `npm run bench:drain -- [--messages N]
Messages that fall due in one minute, four to each of a quarter as many people: how fast they go out, and what caps and contact hours make of them.
PostgreSQL, Twilio's client against the stand-in and SMTP are real; as many go at once as in a worker.
  --messages N  how many (2000)`;

/** As in `workers/claims-worker.ts`. */
const atOnce = 100;
const toEach = 4;

const [morning, night] = ['2026-11-24T02:00:00.000Z', '2026-11-24T14:30:00.000Z'];
const { caps } = houseRules.newest({ line: 'motor', jurisdiction: 'CN', pace: 'ordinary' });
const contactHours = { from: 8 * 60, to: 21 * 60 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { messages: { type: 'string', default: '2000' }, help: { type: 'boolean', default: false } },
  });
  const messages = Number(values.messages);
  if (values.help || !Number.isInteger(messages) || messages < toEach)
    return void process.stdout.write(`${usage}\n`);
  const dataDir = mkdtempSync(join(tmpdir(), 'lipei-drain-'));
  const account = { accountSid: `AC${'d4'.repeat(16)}`, authToken: 'token' };
  const [records, sms, mail] = await Promise.all([
    startPostgres({ dataDir, port: await freePort() }),
    startSmsStandIn({ port: 0, ...account }),
    startMailServer(),
  ]);
  try {
    await migrate(records.url);
    ensureLocalKeyring(join(dataDir, 'keys'));
    const { keyring } = loadKeys({ directory: join(dataDir, 'keys') });
    const database = connectDatabase(records.url);
    const people = Math.ceil(messages / toEach);
    await keepPeople(database, keyring, people);
    const activities = notificationActivities(database, keyring, createRenderer(templatesFolder), {
      sms: twilioSms({ ...account, from: '+15005550006', baseUrl: sms.url }),
      email: smtpEmail({ url: mail.url, from: 'Claims <claims@lipei.example>' }),
    });
    const send = async (notification: Notification, person: number, now: string): Promise<SendOutcome> =>
      activities.sendNotification({ about: aboutOf(person), notification, now });
    const due = Array.from({ length: messages }, (_, index) => ({
      person: index % people,
      seq: Math.floor(index / people) + 1,
    }));

    const byNight = await drained(due, async ({ person, seq }) =>
      said(await send(progress(seq, 'sms'), person, night)),
    );
    const byDay = await drained(due, async ({ person, seq }) => {
      const outcome = await send(progress(seq, 'sms'), person, nextMorning);
      return outcome.kind === 'undeliverable'
        ? `by email (${outcome.code}): ${said(await send(progress(seq, 'email'), person, nextMorning))}`
        : said(outcome);
    });
    const most = await database.$queryRaw<
      { most: bigint }[]
    >`SELECT max(n) AS most FROM (SELECT count(*) AS n FROM notification WHERE channel = 'sms' AND taken_at IS NOT NULL GROUP BY contact) AS counted`;
    process.stdout.write(
      [
        `At ${night} (22:30 there):`,
        ...inWords(byNight),
        `At ${nextMorning} (10:00 there):`,
        ...inWords(byDay),
        `Most texts to one person: ${most[0]?.most}`,
        '',
      ].join('\n'),
    );
    await database.$disconnect();
  } finally {
    await Promise.all([sms.stop(), mail.stop()]);
    await records.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const nextMorning = new Date(Date.parse(morning) + 24 * 3_600_000).toISOString();

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

const said = (outcome: SendOutcome): string =>
  outcome.kind === 'later' ? `waits ${(outcome.seconds / 3600).toFixed(1)} h` : outcome.kind;

function inWords({ seconds, counts }: Drained): string[] {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [
    `  ${all} in ${seconds.toFixed(1)} s, ${(all / seconds).toFixed(0)} a second`,
    ...[...counts].map(([outcome, count]) => `  ${String(count).padStart(6)}  ${outcome}`),
  ];
}

async function keepPeople(database: Database, keyring: Keyring, people: number): Promise<void> {
  const rows = Array.from({ length: people }, (_, person) => {
    const [claim, key] = [aboutOf(person).number, newPartyKey(keyring)];
    const contact = {
      name: `Person ${person}`,
      phone: `+86138${String(person).padStart(8, '0')}`,
      email: `p${person}@example.com`,
    };
    return {
      claim,
      id: 'party-1',
      role: 'policyholder',
      locale: 'zh-CN',
      timeZone: 'Asia/Shanghai',
      key,
      sealed: seal(key, keyring, contact, `${claim}/party-1`),
    };
  });
  await database.party.createMany({ data: rows });
}

const aboutOf = (person: number): About => ({
  number: `LDRAIN-${String(person).padStart(5, '0')}`,
  line: 'motor',
  jurisdiction: 'CN',
  currency: 'CNY',
  handler: 'C-301',
  branch: 'longkou',
  items: [{ id: 'item-1', object: 'insured-vehicle' }],
  contactHours,
  caps,
});

const progress = (seq: number, channel: 'sms' | 'email'): Notification => ({
  id: `progress-${seq}-${channel}`,
  kind: 'progress',
  seq,
  channel,
  to: { party: 'party-1' },
  facts: { waiting: [{ what: 'survey', from: 'surveyor', since: morning }], nextAt: nextMorning },
});

await main();
