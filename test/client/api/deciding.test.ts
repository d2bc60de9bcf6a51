import { pino } from 'pino';
import { staffWatch } from '../../../client/api/staff-watch.ts';
import { connectClaims } from '../../../client/engine/claims.ts';
import { dataConverter } from '../../../security/data-converter.ts';
import { testKeyring, testRoots, testSigning } from '../../support/test-keyring.ts';
import { keepPolicies } from '../../support/policies.ts';
import { aNotice } from '../../support/notices.ts';
import { openOffice, until, type Answered, type Office } from './office.ts';

let office: Office;

beforeAll(async () => {
  office = await openOffice();
  await office.database.person.createMany({
    data: [
      ['S-202', 'surveyor', []],
      ['C-303', 'handler', []],
      ['R-503', 'reviewer', ['P-1']],
      ['R-505', 'reviewer', []],
    ].map(([code, role, conflicts]) => ({
      code: String(code),
      name: `Staff ${String(code)}`,
      email: `${String(code).toLowerCase()}@staff.example`,
      roles: [String(role)],
      branch: 'penglai',
      limits: { motor: { CNY: 50_000_000 } },
      conflicts: [conflicts ?? []].flat(),
    })),
  });
});
afterAll(() => office.close());

async function filed(change: object = {}): Promise<string> {
  const { claim } = (await office.ask('H-101', 'POST', '/claims', aNotice(change))).body;
  await until(
    () => office.ask('C-301', 'GET', `/claims/${claim}`),
    ({ status, body }) => status === 200 && ['survey', 'review'].includes(body.stage),
  );
  return claim;
}

const does = (who: string, claim: string, act: string, fields: object): Promise<Answered> =>
  office.ask(who, 'POST', `/claims/${claim}/acts/${act}`, fields);

const last = async (claim: string, kind: string): Promise<unknown> => {
  const entry = await office.database.journalEntry.findFirst({
    where: { claim, kind },
    orderBy: { seq: 'desc' },
  });
  return JSON.parse(entry?.entry ?? 'null');
};

const survey = { onScene: true, findings: 'as reported' };

test('only the appointed surveyor reports; a superior names one of another branch, and the journal has both branches', async () => {
  const claim = await filed();
  expect(await does('S-202', claim, 'report-survey', survey)).toMatchObject({
    body: { reason: 'not-appointed', detail: expect.stringContaining('S-201 is appointed') },
  });
  expect(await does('S-201', claim, 'report-survey', { onScene: true })).toMatchObject({
    status: 400,
    body: { field: 'findings' },
  });
  const named = { to: 'S-202', role: 'surveyor' };
  expect(await does('C-301', claim, 'hand-over', named)).toMatchObject({ body: { reason: 'role' } });
  expect(await does('U-901', claim, 'hand-over', named)).toMatchObject({ status: 200 });
  expect(await last(claim, 'handed-over')).toMatchObject({ to: 'S-202', branch: 'penglai' });
  expect(await does('S-202', claim, 'report-survey', survey)).toMatchObject({ status: 200 });
});

test.each([
  ['of another branch, by a handler', 'C-301', { to: 'C-303' }, 'branch'],
  ['who filed it', 'U-901', { to: 'H-101' }, undefined],
])('a claim is not handed to somebody %s', async (_, who, fields, reason) => {
  const answer = await does(who, await filed(), 'hand-over', fields);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  if (reason) expect(answer).toMatchObject({ body: { reason } });
});

test('somebody of another branch decides once a superior has appointed them, with a reason of the rules', async () => {
  const claim = await filed({ policy: 'P-EXPIRED' });
  const refusal = { item: 'item-1', clause: 'not-in-force', reasons: ['loss-after-expiry'] };
  const appointment = { to: 'R-505', role: 'reviewer', reason: 'absence' };
  expect(await does('R-505', claim, 'refuse', refusal)).toMatchObject({ body: { reason: 'branch' } });
  expect(await does('R-501', claim, 'appoint', appointment)).toMatchObject({ status: 403 });
  expect(await does('U-901', claim, 'appoint', { ...appointment, reason: 'because' })).toMatchObject({
    body: { reason: 'unknown-code', detail: expect.stringContaining('absence') },
  });
  expect(await does('U-901', claim, 'appoint', { ...appointment, to: 'S-202' })).toMatchObject({
    status: 422,
    body: { field: 'to' },
  });
  expect(await does('U-901', claim, 'appoint', appointment)).toMatchObject({ status: 200 });
  expect(await last(claim, 'appointed')).toMatchObject({
    to: 'R-505',
    role: 'reviewer',
    branch: 'penglai',
    reason: 'absence',
  });
  expect(await does('R-505', claim, 'refuse', refusal)).toMatchObject({ status: 200 });
});

test('nobody who is related to the policy is appointed (M6)', async () => {
  const claim = await filed();
  expect(
    await does('U-901', claim, 'appoint', { to: 'R-503', role: 'reviewer', reason: 'absence' }),
  ).toMatchObject({ body: { reason: 'conflict-of-interest' } });
});

test('a refusal: codes of the rules alone, shown before, by two people, and the note stays inside', async () => {
  const claim = await filed({ policy: 'P-EXPIRED' });
  const item = 'item-1';
  const preview = (who: string, fields: object) =>
    office.ask(who, 'POST', `/claims/${claim}/previews/refuse`, fields);
  expect(await preview('C-301', { item })).toMatchObject({ status: 403 });
  expect(await preview('R-501', { item, clause: 'fraud', reasons: ['invoice-altered'] })).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining('papers-falsified') },
  });
  const proposals = () =>
    office.database.journalEntry.count({ where: { claim, kind: 'refusal-proposed', by: { not: 'lipei' } } });
  const shown = await preview('R-501', { item, clause: 'fraud', reasons: ['papers-falsified'] });
  expect(shown.body).toMatchObject([
    { channel: 'sms', locale: 'zh-CN', text: expect.stringContaining('经核查，提交的证明或资料不真实') },
    { channel: 'email', locale: 'zh-CN', subject: expect.stringContaining(claim) },
  ]);
  expect(await proposals()).toBe(0);

  const note = 'the invoice was altered by hand';
  const given = { item, clause: 'not-in-force', reasons: ['loss-after-expiry'], note };
  expect(await does('R-501', claim, 'refuse', { ...given, reasons: ['it looks odd'] })).toMatchObject({
    status: 400,
  });
  expect(await does('R-501', claim, 'refuse', given)).toMatchObject({ status: 200 });
  expect(await does('R-501', claim, 'refuse', { item })).toMatchObject({ body: { reason: 'segregation' } });
  expect(
    await does('R-502', claim, 'refuse', { item, clause: 'fraud', reasons: ['loss-staged'] }),
  ).toMatchObject({ status: 409, body: { reason: 'content-changed' } });
  expect((await preview('R-502', { item })).body[0].text).toContain('保险期间届满之后');
  expect(await does('R-502', claim, 'refuse', { item })).toMatchObject({ status: 200 });
  const sent = await until(
    () => office.ask('C-301', 'GET', `/claims/${claim}/notifications/refused-1-sms?purpose=complaint`),
    ({ status }) => status === 200,
  );
  expect(sent.body.text).toContain('保险期间届满之后');
  expect(sent.body.text).not.toContain(note);
});

test('a refusal by the policy quotes its special term and its wording, before and in the mail', async () => {
  const words = '因暴雨、洪水、内涝造成的本车损失，保险人不负责赔偿。';
  const special = [{ number: '特别约定第3条', words, excludes: { causes: ['flood'] } }];
  await keepPolicies(office.database, ['P-TERM'], { wording: 'motor-cn-2020', special });
  const claim = await filed({ policy: 'P-TERM', cause: 'flood' });
  const quoted = ['特别约定第3条：因暴雨、洪水', '第三十条：保险单载明的特别约定'];
  const { body } = await office.ask('R-501', 'POST', `/claims/${claim}/previews/refuse`, { item: 'item-1' });
  for (const each of quoted) expect(body[1].text).toContain(each);
  for (const code of ['R-501', 'R-502'])
    expect(
      await does(code, claim, 'refuse', {
        item: 'item-1',
        ...(code === 'R-501' ? { clause: 'excluded-cause', reasons: ['special-term'] } : {}),
      }),
    ).toMatchObject({ status: 200 });
  const sent = await until(
    () => office.ask('C-301', 'GET', `/claims/${claim}/notifications/refused-1-email?purpose=complaint`),
    ({ status }) => status === 200,
  );
  for (const each of quoted) expect(sent.body.text).toContain(each);
});

test('a reviewer without the limit refuses no large claim (M7)', async () => {
  const claim = await filed({
    policy: 'P-EXPIRED',
    items: [{ object: 'insured-vehicle', party: 'wang', claimed: '380000' }],
  });
  expect(
    await does('R-501', claim, 'refuse', {
      item: 'item-1',
      clause: 'not-in-force',
      reasons: ['loss-after-expiry'],
    }),
  ).toMatchObject({ body: { reason: 'limit' } });
});

test('a document is waived with a reason of the rules', async () => {
  const claim = await filed();
  const waive = (fields: object) => does('U-901', claim, 'waive-document', fields);
  expect(await waive({ document: 'driving-licence' })).toMatchObject({
    status: 400,
    body: { field: 'reason' },
  });
  expect(await waive({ document: 'driving-licence', reason: 'because' })).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining('already-on-file') },
  });
  expect(await waive({ document: 'driving-licence', reason: 'already-on-file' })).toMatchObject({
    status: 200,
  });
});

test('a claim is looked at by opening it, by nobody who only looks or may not act, and once in a minute', async () => {
  const { claim } = (await office.ask('H-101', 'POST', '/claims', aNotice())).body;
  await until(
    () => office.ask('A-991', 'GET', `/claims/${claim}`),
    ({ status }) => status === 200,
  );
  await does('R-501', claim, 'appoint', { to: 'R-505', role: 'reviewer', reason: 'absence' });
  const look = (): Promise<{ by: string; lookBy: Date } | null> =>
    office.database.claimLook.findUnique({ where: { claim } });
  expect(await look()).toBeNull();
  await office.ask('C-301', 'GET', `/claims/${claim}`);
  expect(await until(look, (found) => found !== null)).toMatchObject({ by: 'C-301' });
  await office.ask('V-401', 'GET', `/claims/${claim}`);
  expect(await look()).toMatchObject({ by: 'C-301' });
});

test('the claims of a handler who has left are handed over by a round of the API, once', async () => {
  const claim = await filed();
  await office.database.person.update({ where: { code: 'C-303' }, data: { branch: 'longkou' } });
  await office.database.person.update({ where: { code: 'C-301' }, data: { active: false } });
  const claims = connectClaims({
    connection: { address: office.engine },
    namespace: 'default',
    dataConverter: dataConverter(testKeyring(), { roots: testRoots }),
  });
  const watch = staffWatch({
    database: office.database,
    claims,
    signing: testSigning,
    log: pino({ enabled: false }),
  });
  await watch.round();
  await watch.round();
  expect(
    await until(
      () => last(claim, 'handed-over'),
      (entry) => entry !== null,
    ),
  ).toMatchObject({
    by: 'lipei',
    left: 'C-301',
    to: 'C-303',
  });
  await watch.stop();
  await claims.close();
  expect(await office.database.journalEntry.count({ where: { claim, kind: 'handed-over' } })).toBe(1);
});
