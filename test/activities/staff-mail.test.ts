import { connectDatabase, type Database } from '../../records/database.ts';
import { notifyStaff } from '../../activities/staff-mail.ts';
import { staffMailRules } from '../../config/staff-mail.ts';
import type { StaffMailRules } from '../../domain/messages/staff-mail.ts';
import { instantOf } from '../../domain/time/time.ts';
import { contactHashing, mailTokens } from '../../records/keys/contact-key.ts';
import { staffMailCameBack } from '../../records/messages/staff-mail.ts';
import { smtpEmail } from '../../providers/smtp/email.ts';
import { createRenderer, templatesFolder } from '../../wording/renderer/renderer.ts';
import { startMailServer } from '../support/mail-server.ts';
import { recordingEmail, type RecordingEmail } from '../support/recording.ts';
import { addWaiting, keepWaiting, type Waiting } from '../support/waiting.ts';
import { ownDatabase } from '../support/runtime.ts';
import { testKeyring } from '../support/test-keyring.ts';

const keyring = testKeyring();
const renderer = createRenderer(templatesFolder);
/** Ten o'clock in the morning in Shanghai, nine in the evening of the day before in New York. */
const now = '2026-11-23T02:00:00.000Z';
const hour = 3_600_000;
const at = (hours: number): string => instantOf(Date.parse(now) + hours * hour);

let database: Database, email: RecordingEmail;

beforeEach(async () => {
  database = connectDatabase(await ownDatabase());
  email = recordingEmail();
  await hires('C-1', ['handler']);
  await hires('S-1', ['surveyor'], { locale: 'en-US', timeZone: 'America/New_York' });
});
afterEach(() => database.$disconnect());

const hires = (
  code: string,
  roles: string[],
  own: { locale?: string; timeZone?: string; branch?: string } = {},
) =>
  database.person.create({
    data: {
      code,
      name: `Staff ${code}`,
      email: `${code.toLowerCase()}@staff.example`,
      roles,
      branch: 'longkou',
      limits: {},
      conflicts: [],
      ...own,
    },
  });

const [files, opens] = [
  (claim: string, waits: Waiting[]) =>
    keepWaiting(database, { claim, handler: 'C-1', surveyor: 'S-1', now }, waits),
  (claim: string, wait: Waiting) => addWaiting(database, { claim, now }, wait),
];

const rules: StaffMailRules = { ...staffMailRules('any-hour'), mailsADay: 3 };
const looks = (hours = 0, by: StaffMailRules = rules) =>
  notifyStaff({ database, keyring, renderer, email }, by, () => at(hours));
const sentTo = (): string[] => email.sent.map(({ to }) => to.address);

test('one mail has all of a person’s new tasks, by claim, oldest first, and says where to act', async () => {
  await files('L7K3M-AAAAA', [{ since: -5 }, { what: 'check driving-licence', id: 'check:x', since: -1 }]);
  await files('L7K3M-BBBBB', [{ since: -9, due: -1, rung: 1 }]);
  expect(await looks()).toBe(rules.lookEveryMs);
  expect(sentTo()).toEqual(['c-1@staff.example']);
  const [mail] = email.sent;
  expect(mail).toMatchObject({ subject: '【待办】3项工作，其中1项已逾期', mandatory: true });
  expect(mail?.text.replace(/\s+/g, ' ')).toMatch(
    /L7K3M-BBBBB - 定损，2026年11月23日 01:00起（已逾期） L7K3M-AAAAA - 定损.* - 审核驾驶证/,
  );
  expect(mail?.text).toContain('bin/lipei work');
  expect(await database.staffNotification.findMany({ include: { tasks: true } })).toMatchObject([
    { person: 'C-1', state: 'accepted', leaseUntil: null, tasks: [{}, {}, {}] },
  ]);
});

test('a surveyor in Washington reads English, and the clock of Washington', async () => {
  await files('L7K3M-AAAAA', [{ from: 'surveyor', what: 'survey' }]);
  await looks();
  expect(email.sent).toMatchObject([{ to: { address: 's-1@staff.example' }, subject: '[To do] 1 task' }]);
  expect(email.sent[0]?.text).toContain('survey, since November 22, 2026 at 7:00 PM');
});

test('the same work is not mailed twice, however often it is looked at', async () => {
  await files('L7K3M-AAAAA', [{}]);
  await looks();
  await looks(1);
  await looks(30);
  expect(sentTo()).toHaveLength(1);
});

test('it is mailed again when it becomes late and when it climbs a rung, and each once', async () => {
  await files('L7K3M-AAAAA', [{ due: 4 }]);
  await looks();
  await looks(5);
  await looks(6);
  await database.expectation.updateMany({ data: { rung: 1 } });
  await looks(7);
  expect(email.sent.map(({ subject }) => subject)).toEqual([
    '【待办】1项工作',
    '【待办】1项工作，其中1项已逾期',
  ]);
  await database.expectation.updateMany({ data: { rung: 2 } });
  await looks(8);
  expect(sentTo()).toHaveLength(3);
});

test('work that ended and came again is new', async () => {
  await files('L7K3M-AAAAA', [{}]);
  await looks();
  await database.expectation.deleteMany();
  await opens('L7K3M-AAAAA', { since: 1 });
  await looks(2);
  expect(sentTo()).toHaveLength(2);
});

test('what is escalated is new work of the superior, who gets two of it in one mail', async () => {
  await hires('U-1', ['supervisor']);
  const escalated = { from: 'supervisor', what: 'stalled: check driving-licence' };
  await files('L7K3M-AAAAA', [
    { ...escalated, id: 'escalation:supervisor:a' },
    { ...escalated, id: 'escalation:supervisor:b' },
  ]);
  await looks();
  expect(email.sent).toMatchObject([{ to: { address: 'u-1@staff.example' }, subject: '【待办】2项工作' }]);
});

test('past the cap of a day nothing goes; the last mail says so, and the next day’s first has the rest', async () => {
  for (const [index, claim] of ['AAAAA', 'BBBBB', 'CCCCC', 'DDDDD', 'EEEEE'].entries()) {
    await files(`L7K3M-${claim}`, [{ since: index / 2 }]);
    await looks(index / 2 + 0.1);
  }
  expect(sentTo()).toHaveLength(3);
  expect(email.sent.map(({ text }) => text.includes('今天不再发送此类邮件'))).toEqual([false, false, true]);
  await looks(14.5); // half past midnight in Shanghai
  expect(email.sent.at(-1)?.subject).toBe('【待办】2项工作');
});

test('a long list is counted where the mail ends, and all of it counts as mailed', async () => {
  for (let index = 0; index < 5; index += 1) await files(`L7K3M-AAAA${index}`, [{ since: -index - 1 }]);
  await looks(0, { ...rules, tasksNamed: 2 });
  expect(email.sent[0]?.text).toContain('另有3项');
  expect(email.sent[0]?.text.match(/L7K3M/g)).toHaveLength(2);
  await looks(1);
  expect(sentTo()).toHaveLength(1);
});

test('a digest comes at its hour of the reader’s own day, and not at night', async () => {
  const ordinary = staffMailRules('ordinary');
  await files('L7K3M-AAAAA', [{ since: -1 }, { from: 'surveyor', what: 'survey', since: -1 }]);
  await looks(0, ordinary); // ten in Shanghai: the digest of half past eight is over, and nothing had come by then
  await looks(0.1, ordinary); // nine in the evening in Washington
  expect(sentTo()).toEqual([]);
  await looks(3.5, ordinary); // half past one in Shanghai
  expect(sentTo()).toEqual(['c-1@staff.example']);
  await looks(10, ordinary); // seven in the morning in Washington
  expect(sentTo()).toEqual(['c-1@staff.example', 's-1@staff.example']);
});

test('twenty looks at once, as after a reset or by a second worker, send one mail', async () => {
  await files('L7K3M-AAAAA', [{}, { what: 'check driving-licence' }]);
  await Promise.all(Array.from({ length: 20 }, () => looks()));
  expect(sentTo()).toHaveLength(1);
  expect(await database.staffNotification.count()).toBe(1);
});

test('the mail and its tasks are in the ledger before it is sent', async () => {
  await files('L7K3M-AAAAA', [{}]);
  let before: unknown;
  email.send = async ({ reference }) => {
    before = await database.staffNotification.findMany({ include: { tasks: true } });
    return { kind: 'accepted', providerId: reference };
  };
  await looks();
  expect(before).toMatchObject([{ state: 'sending', leaseUntil: expect.any(Date), tasks: [{ rung: 0 }] }]);
});

test('a sender that died may have sent it: it is unknown, and not sent again', async () => {
  await files('L7K3M-AAAAA', [{}]);
  email.send = () => Promise.reject(new Error('the process died'));
  await expect(looks()).rejects.toThrow('C-1 was not notified: Error: the process died');
  email = recordingEmail();
  await looks(1);
  expect(await database.staffNotification.findMany()).toMatchObject([{ state: 'sending' }]);
  await database.staffNotification.updateMany({ data: { leaseUntil: new Date(0) } });
  await looks(2);
  expect(await database.staffNotification.findMany()).toMatchObject([
    { state: 'unknown', errorCode: 'sender-died' },
  ]);
  expect(sentTo()).toEqual([]);
});

test('an answer that was lost leaves it unknown, and it is not sent again', async () => {
  await files('L7K3M-AAAAA', [{}]);
  email.answers.push({ kind: 'unknown', code: 'ETIMEDOUT' });
  await looks();
  await looks(1);
  expect(sentTo()).toHaveLength(1);
  expect(await database.staffNotification.findMany()).toMatchObject([
    { state: 'unknown', errorCode: 'ETIMEDOUT' },
  ]);
});

test('a busy server has certainly not taken it: the next look sends it, with what has come since', async () => {
  await hires('C-2', ['operations']);
  await files('L7K3M-AAAAA', [{}, { from: 'operations', what: 'post-letter' }]);
  email.answers.push({ kind: 'busy', code: '421' });
  await looks();
  expect(await database.staffNotification.count()).toBe(0);
  expect(sentTo()).toEqual(['c-1@staff.example']); // nobody else is tried at a busy server
  await opens('L7K3M-AAAAA', { what: 'check driving-licence', since: -1 });
  await looks(0.1);
  expect(email.sent.map(({ to, subject }) => `${to.address} ${subject}`)).toEqual([
    'c-1@staff.example 【待办】1项工作',
    'c-1@staff.example 【待办】2项工作',
    'c-2@staff.example 【待办】1项工作',
  ]);
});

test('one person’s fault holds up nobody else', async () => {
  await hires('C-0', ['operations'], { timeZone: 'Mars/Olympus' });
  await files('L7K3M-AAAAA', [{}, { from: 'operations', what: 'post-letter' }]);
  await expect(looks()).rejects.toThrow('C-0 was not notified: RangeError: There is no time zone');
  expect(sentTo()).toEqual(['c-1@staff.example']);
});

test('nobody who has left is mailed', async () => {
  await files('L7K3M-AAAAA', [{}]);
  await database.person.updateMany({ data: { active: false } });
  await looks();
  expect(sentTo()).toEqual([]);
});

test('a mailbox that is rejected is on the list of operations, once', async () => {
  await files('L7K3M-AAAAA', [{ due: 1 }]);
  email.answers.push({ kind: 'rejected', why: 'recipient', code: '550' });
  await looks();
  email.answers.push({ kind: 'rejected', why: 'recipient', code: '550' });
  await looks(2);
  expect(await database.followUp.findMany()).toMatchObject([
    {
      claim: 'L7K3M-AAAAA',
      id: 'mailbox-C-1',
      branch: 'longkou',
      what: 'correct the mailbox of C-1: mail about work comes back',
    },
  ]);
});

test('a server that rejects our account took nothing: it fails, for operations to see, and nothing is lost', async () => {
  await files('L7K3M-AAAAA', [{}]);
  email.answers.push({ kind: 'rejected', why: 'configuration', code: '535' });
  await expect(looks()).rejects.toThrow('the mail server rejects our account (535)');
  await looks(0.1);
  expect(sentTo()).toHaveLength(2);
});

test('through a real mail server; when the mail comes back, operations have the mailbox on their list', async () => {
  const server = await startMailServer();
  try {
    await files('L7K3M-AAAAA', [{}]);
    const real = smtpEmail({
      url: server.url,
      from: 'Claims <claims@lipei.example>',
      bounces: 'bounces@lipei.example',
      tokenOf: mailTokens(database, keyring),
    });
    await notifyStaff({ database, keyring, renderer, email: real }, rules, () => now);
    expect(server.taken.map(({ recipients }) => recipients)).toEqual([['c-1@staff.example']]);
    const token = /^bounces\+([0-9a-f]{32})@/.exec(server.taken[0]?.from ?? '')?.[1] ?? '';
    const hash = await contactHashing(database, keyring);
    const back = (mailbox: string) =>
      staffMailCameBack(database, { token, mailboxes: [hash(mailbox)], code: '5.1.1' });
    expect(await back('somebody-else@staff.example')).toBe(false);
    expect(await back('c-1@staff.example')).toBe(true);
    expect(await database.staffNotification.findMany()).toMatchObject([
      { state: 'bounced', errorCode: '5.1.1' },
    ]);
    expect(await database.followUp.count()).toBe(1);
  } finally {
    await server.stop();
  }
});

test('what is still open stays known however long it lasts; what ended is forgotten after months', async () => {
  await files('L7K3M-AAAAA', [{}, { what: 'check driving-licence' }]);
  await looks();
  await database.expectation.delete({
    where: { claim_id: { claim: 'L7K3M-AAAAA', id: 'check driving-licence:item-1' } },
  });
  await opens('L7K3M-AAAAA', { what: 'check accident-certificate', since: 24 * 100, due: 24 * 200 });
  // The database counts the months itself, by its own clock.
  await database.staffNotification.updateMany({ data: { at: new Date(Date.now() - 91 * 86_400_000) } });
  await looks(24 * 100 + 1);
  expect(
    (await database.staffNotificationTask.findMany()).map(({ expectation, rung }) => [expectation, rung]),
  ).toEqual(
    expect.arrayContaining([
      ['assess:item-1', 0],
      ['assess:item-1', 1],
      ['check accident-certificate:item-1', 0],
    ]),
  );
  expect(await database.staffNotificationTask.count()).toBe(3);
});
