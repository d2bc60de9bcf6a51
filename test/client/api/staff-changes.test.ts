import { attendancePage } from '../../../client/cli/pages/attendance-page.ts';
import { historyPage } from '../../../client/cli/pages/history-page.ts';
import { noNames } from '../../../client/cli/staff-names.ts';
import { dayIn } from '../../../config/today.ts';
import { plusDays } from '../../../domain/time/calendar.ts';
import { signedLines } from '../../../records/journal/signed-lines.ts';
import { testRoots, testSigning } from '../../support/test-keyring.ts';
import { askAt, openDoor, recordsWithBooks, type Door } from './door.ts';
import type { Answered } from './office.ts';

let records: Awaited<ReturnType<typeof recordsWithBooks>>;
let door: Door;

beforeAll(async () => {
  records = await recordsWithBooks();
  const { database, books } = records;
  door = await openDoor({ records: { database, books, roots: testRoots, signing: testSigning } });
});
afterAll(async () => {
  await door.close();
  await records.close();
});

const ask = (by: string, method: 'GET' | 'POST', path: string, body?: object): Promise<Answered> =>
  askAt(door, by, { method, path, body });

const today = dayIn('Asia/Shanghai', new Date().toISOString());
const day = (days: number): string => plusDays(today, days);

test('an absence is tried, recorded, joined and ended; with a signed line, and in the history', async () => {
  const asked = { from: today, until: day(3), deputy: 'C-302' };
  const tried = await ask('U-901', 'POST', '/staff/C-301/absences', { ...asked, dryRun: true });
  expect(tried).toMatchObject({
    status: 200,
    body: { dryRun: true, away: { from: today, deputy: 'C-302' } },
  });
  expect((await records.owner.person.findUniqueOrThrow({ where: { code: 'C-301' } })).absences).toEqual([]);
  expect(await signedLines(records.owner, { act: 'change-attendance' })).toEqual([]);

  await ask('C-301', 'POST', '/staff/C-301/absences', asked);
  const { body } = await ask('C-301', 'POST', '/staff/C-301/absences', { from: day(2), until: day(5) });
  expect(body).toMatchObject({
    absences: [{ from: today, until: day(5), deputy: 'C-302' }],
    joined: [{ from: today, until: day(3), deputy: 'C-302' }],
  });
  expect(attendancePage(body, noNames)).toBe(
    [
      'C-301 has now:',
      `  absences   from ${today} to ${day(5)} (deputy C-302)`,
      '  deputies   none: the branch shares the work',
      `The absence from ${today} to ${day(3)} (deputy C-302) is on the same days: they are one now.`,
      'Open claims that name C-301: 0; tasks that wait: 0.',
      `From ${day(2)} on C-302 has the work, with its dates as they are.`,
    ].join('\n'),
  );
  const back = await ask('M-601', 'POST', '/staff/C-301/back', {});
  expect(back.body).toMatchObject({ absences: [], claims: 0 });

  const lines = await signedLines(records.owner, { act: 'change-attendance' });
  expect(lines.map(({ by, proof }) => [by, JSON.parse(proof.signed).fields.change.kind])).toEqual([
    ['C-301', 'absent'],
    ['C-301', 'absent'],
    ['M-601', 'back'],
  ]);
  const { body: changes } = await ask('A-991', 'GET', '/staff/C-301/history');
  expect(changes.map(({ by }: { by?: string }) => by)).toEqual([undefined, 'C-301', 'C-301', 'M-601']);
  const page = historyPage(changes, noNames);
  expect(page).toContain(`absent: none → ${today} to ${day(3)} (deputy C-302)`);
  expect(page).toContain(`absent: ${today} to ${day(5)} (deputy C-302) → none`);
});

test.each<[string, string, string, object, number, string]>([
  [
    'a colleague',
    'H-101',
    'absences',
    { from: today },
    403,
    'This needs a supervisor or manager or executive of longkou or of a unit above it; H-101 may record their own absences and deputies.',
  ],
  ['the person', 'C-301', 'leaving', { on: today }, 403, 'This needs a supervisor'],
  [
    'an auditor',
    'A-991',
    'absences',
    { from: today },
    403,
    'A-991 is an auditor, and auditors change nothing.',
  ],
  [
    'an end before the start',
    'U-901',
    'absences',
    { from: today, until: day(-1) },
    422,
    `until must be the last day of the absence, on ${today} or later.`,
  ],
  [
    'a deputy in another role',
    'U-901',
    'leaving',
    { on: day(30), deputy: 'V-401' },
    422,
    'deputy must have a role of C-301 (handler): V-401 is verifier.',
  ],
  ['a day that is none', 'U-901', 'absences', { from: '2026-02-30' }, 400, 'from must be a date such as'],
  ['no list', 'U-901', 'deputies', { deputies: 'C-302' }, 400, 'deputies must be a list of staff codes'],
  [
    'nobody absent',
    'U-901',
    'back',
    {},
    422,
    `on must be a day of an absence: C-301 is not absent on ${today}.`,
  ],
])('%s: is answered with what is wrong, and changes nothing', async (_, by, what, body, status, detail) => {
  const before = await records.owner.personChange.count();
  const answer = await ask(by, 'POST', `/staff/C-301/${what}`, body);
  expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(detail)]);
  expect(await records.owner.personChange.count()).toBe(before);
});

test('somebody unknown is not found; who leaves can stay after all, and after the last day nobody gets in', async () => {
  expect(await ask('U-901', 'POST', '/staff/Z-1/deputies', { deputies: [] })).toMatchObject({ status: 404 });
  const leaves = await ask('U-901', 'POST', '/staff/V-401/leaving', { on: day(10) });
  expect(leaves.body).toMatchObject({ leavesOn: day(10), away: { from: day(11) }, warnings: [] });
  const stays = await ask('U-901', 'POST', '/staff/V-401/leaving', { on: null });
  expect(stays.body).not.toHaveProperty('leavesOn');
  expect((await ask('V-401', 'GET', '/staff')).status).toBe(200);
  await ask('U-901', 'POST', '/staff/V-401/leaving', { on: day(-2) });
  expect(await ask('V-401', 'GET', '/staff')).toMatchObject({
    status: 403,
    body: { detail: 'V-401 is not an active member of staff.' },
  });
});
