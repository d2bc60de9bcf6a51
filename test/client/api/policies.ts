import { readingRules } from '../../../config/reading.ts';
import type { Mark, Marking } from '../../../domain/people/marks.ts';
import { claimsOfPolicy } from '../../../records/policies/find.ts';
import { sealPolicy } from '../../../records/policies/sealed-policy.ts';
import { marking } from '../../../records/keys/contact-key.ts';
import { lipei } from '../../support/lipei.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { testKeyring } from '../../support/test-keyring.ts';
import type { Office } from './office.ts';

const holder = {
  name: '欧阳春兰',
  phone: '+8613877665544',
  email: 'Ouyang.Chunlan@example.com',
  identity: '370681198802029876',
  account: '6222021001112223334',
  address: '龙口市港城大道88号',
};
const plate = '鲁FX8J26';

/** The policy book, asked: on an office whose sleeping claim is under P-1. */
export function askedPolicies(office: () => Office, sleeping: () => Promise<string>): void {
  const ask: Office['ask'] = (...asked) => office().ask(...asked);
  const find = (by: string, asked: object, query = '') => ask(by, 'POST', `/policies/find${query}`, asked);
  const looks = (where: object) =>
    office().database.personalLook.findMany({ where, orderBy: { id: 'desc' }, take: 10 });
  let mark: Marking;

  beforeAll(async () => {
    mark = await marking(office().database, testKeyring());
    await keep('PB-1', '0', ['2024-12-31T16:00:00Z', '2026-06-30T16:00:00Z'], '鲁FOLD01');
    await keep('PB-1', '1', ['2026-06-30T16:00:00Z', '2089-12-31T16:00:00Z'], plate);
    await keep('PB-2', '0', ['2019-12-31T16:00:00Z', '2020-12-31T16:00:00Z'], plate);
  });

  async function keep(number: string, endorsement: string, [from = '', to = '']: string[], its: string) {
    const version = Number(endorsement) + 1;
    const people = [{ role: 'policyholder', marks: marksOfHolder() }];
    const marks = [mark('vehicle', its)];
    await office().database.policy.create({
      data: {
        number,
        endorsement,
        version,
        line: 'motor',
        jurisdiction: 'CN',
        branch: 'longkou',
        currency: 'CNY',
        validFrom: new Date(from),
        validTo: new Date(to),
        objects: { 'insured-vehicle': { sumInsuredMinor: 12_000_000, excessMinor: 50_000, marks } },
        people,
        special: [{ number: '特约3', words: '每次事故绝对免赔额500元。' }],
        ...sealPolicy({ number, endorsement }, testKeyring(), {
          people: [holder],
          objects: { 'insured-vehicle': { plate: its, model: '吉利星瑞' } },
        }),
      },
    });
    await office().database.policyMark.createMany({
      data: [...marks, ...marksOfHolder()].map((each) => ({ mark: each, number })),
      skipDuplicates: true,
    });
  }

  const marksOfHolder = (): Mark[] => [
    mark('name', holder.name),
    mark('telephone', holder.phone),
    mark('email', holder.email),
    mark('identity', holder.identity),
    mark('account', holder.account),
  ];

  test.each([
    ['plate', '鲁FX8J26'],
    ['plate', '鲁f·x8j26'],
    ['plate', ' 鲁Ｆ－Ｘ８Ｊ２６ '],
    ['phone', '138 7766 5544'],
    ['phone', '+86 138-7766-5544'],
    ['email', 'ouyang.chunlan@EXAMPLE.com'],
    ['identity', '370681 19880202 9876'],
    ['name', ' 欧阳春兰'],
    ['number', 'pb-1'],
  ])('a policy is found by %s as people type it: %s', async (key, typed) => {
    const { status, body } = await find('H-101', { [key]: typed });
    expect([status, status < 500 ? [] : office().logs.slice(-3)]).toEqual([200, []]);
    expect(body).toContainEqual(
      expect.objectContaining({
        policy: 'PB-1',
        isInForce: true,
        holders: ['欧阳春兰'],
        objects: [{ object: 'insured-vehicle', plate, model: '吉利星瑞' }],
      }),
    );
    const [look] = await looks({ by: 'H-101' });
    expect(look).toMatchObject({ what: `policies by ${key}`, because: 'branch', purpose: 'filing' });
    expect(look?.policies).toContain('PB-1');
    expect(JSON.stringify(look, (_, value) => (typeof value === 'bigint' ? '' : value))).not.toContain('138');
  });

  test('what is no telephone or mailbox is said, nothing is no question, and no hit is an empty list', async () => {
    expect(await find('H-101', { phone: '12' })).toMatchObject({ status: 422, body: { field: 'phone' } });
    expect(await find('H-101', { email: 'ouyang' })).toMatchObject({ status: 422, body: { field: 'email' } });
    expect((await find('H-101', {})).body.detail).toContain('number, plate, phone, email, identity, name');
    expect(await find('H-101', { colour: 'red' })).toMatchObject({ status: 400 });
    expect(await find('H-101', { plate: '鲁F00000' })).toMatchObject({ status: 200, body: [] });
    expect((await looks({ by: 'H-101' }))[0]).toMatchObject({ what: 'policies by plate', policies: [] });
  });

  test('all that is given must fit, in the version of the moment', async () => {
    const numbers = async (asked: object) =>
      (await find('A-991', asked)).body.map(({ policy, isInForce }: Record<string, unknown>) => [
        policy,
        isInForce,
      ]);
    expect(await numbers({ plate, name: holder.name })).toEqual([
      ['PB-1', true],
      ['PB-2', false],
    ]);
    expect(await numbers({ plate, name: '王伟' })).toEqual([]);
    // The vehicle of before the endorsement, by the second of the change in Longkou.
    const old = '鲁FOLD01';
    expect(await numbers({ plate: old, at: '2026-06-30T23:59:59+08:00' })).toEqual([['PB-1', true]]);
    expect(await numbers({ plate: old, at: '2026-07-01T00:00:00+08:00' })).toEqual([['PB-1', false]]);
    expect(await numbers({ plate, at: '2026-07-01T00:00:00+08:00', number: 'PB-1' })).toEqual([
      ['PB-1', true],
    ]);
    const first = await find('A-991', { name: holder.name }, '?limit=1');
    expect(first.body).toHaveLength(1);
    const next = /<([^>]+)>/.exec(String(first.headers['link']))?.[1] ?? '';
    const second = await ask('A-991', 'POST', next, { name: holder.name });
    expect(second.body).toMatchObject([{ policy: 'PB-2' }]);
    expect(second.headers).not.toHaveProperty('link');
  });

  test('a policy shows what was in force at the moment, its claims and versions, and no account', async () => {
    const { body, text } = await ask('A-991', 'GET', '/policies/pb-1?at=2026-06-30T15:59:59Z');
    expect(body).toMatchObject({
      policy: 'PB-1',
      endorsement: '0',
      isInForce: true,
      people: [{ role: 'policyholder', phone: holder.phone, identity: '9876', hasAccount: true }],
      objects: [{ plate: '鲁FOLD01', sumInsured: '120000.00', excess: '500.00', paid: '0.00' }],
      special: [{ number: '特约3', words: '每次事故绝对免赔额500元。' }],
      versions: [{ version: 1 }, { version: 2 }],
    });
    expect(text).not.toContain(holder.account);
    expect(text).not.toContain(holder.identity);
    expect(await ask('A-991', 'GET', '/policies/PB-9')).toMatchObject({ status: 404 });
    const env = { LIPEI_TOKEN: await office().token('A-991'), LIPEI_DATA: temporaryDirectory() };
    const { out } = await lipei(['policies', 'show', 'PB-1', '--api', office().api], { env });
    for (const part of ['欧阳春兰', plate, '吉利星瑞', '120000.00', '…9876', '特约3', 'No claims under'])
      expect(out).toContain(part);
    const found = await lipei(['policies', 'find', '--plate', plate, '--api', office().api], { env });
    expect(found.out).toMatch(/PB-1 .*欧阳春兰 .*鲁FX8J26.*\n.*PB-2 .*not then/);
  });

  test('who works on a claim of the policy needs no purpose, others do, and some never see it', async () => {
    const claim = await sleeping();
    const [under] = await claimsOfPolicy(office().database, 'P-1', 1);
    expect(under).toBeDefined();
    expect(await ask('S-201', 'GET', '/policies/P-1')).toMatchObject({
      status: 200,
      body: { claims: expect.arrayContaining([expect.objectContaining({ claim })]) },
    });
    expect((await looks({ by: 'S-201', policies: { has: 'P-1' } }))[0]?.because).toMatch(/task|named/);
    expect(await ask('C-302', 'GET', '/policies/PB-1')).toMatchObject({
      status: 403,
      body: { reason: 'purpose', detail: expect.stringContaining('--purpose with one of') },
    });
    expect(await ask('C-302', 'GET', '/policies/PB-1?purpose=audit')).toMatchObject({ status: 403 });
    expect(await ask('C-302', 'GET', '/policies/PB-1?purpose=customer-called')).toMatchObject({
      status: 200,
    });
    expect(await find('F-801', { plate })).toMatchObject({ status: 403, body: { reason: 'no-need' } });
    expect((await looks({ by: 'F-801' }))[0]).toMatchObject({ because: 'denied', policies: [] });
    const { body } = await ask('U-901', 'GET', '/policies/PB-1/readers');
    expect(body[0]).toMatchObject({ by: 'C-302', purpose: 'customer-called', policies: ['PB-1'] });
    const env = { LIPEI_TOKEN: await office().token('U-901'), LIPEI_DATA: temporaryDirectory() };
    const { out } = await lipei(['policies', 'readers', 'PB-1', '--api', office().api], { env });
    expect(out).toMatch(/C-302 Staff C-302 +PB-1 +policy +customer-called +role and branch/);
    expect(office().logs.join('')).not.toMatch(/X8J26|77665544|欧阳/);
  });

  test('who is related to a policy or its vehicle does not find it (S19)', async () => {
    await office().database.person.update({
      where: { code: 'C-302' },
      data: { conflicts: [mark('vehicle', plate)] },
    });
    expect((await find('C-302', { name: holder.name }, '?purpose=customer-called')).body).toEqual([]);
    expect(await ask('C-302', 'GET', '/policies/PB-1?purpose=customer-called')).toMatchObject({
      status: 403,
      body: { detail: 'C-302 is related to policy PB-1; somebody else must look at it.' },
    });
    await office().database.person.update({ where: { code: 'C-302' }, data: { conflicts: [] } });
  });

  test('beyond the policies of a day nobody looks any further without a task', async () => {
    const { policies: most } = readingRules.withoutTask;
    await office().database.personalLook.create({
      data: {
        by: 'O-951',
        roles: ['operations'],
        claims: [],
        policies: Array.from({ length: most }, (_, n) => `MANY-${n}`),
        what: 'policies by name',
        purpose: 'repair',
        because: 'branch',
      },
    });
    expect(await find('O-951', { plate }, '?purpose=repair')).toMatchObject({
      status: 403,
      body: { reason: 'too-many' },
    });
    expect(await find('O-951', { plate: '鲁F00000' }, '?purpose=repair')).toMatchObject({ status: 200 });
  });
}
