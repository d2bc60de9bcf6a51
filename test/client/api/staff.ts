import { claimNumber } from '../../../domain/ids.ts';
import { instantOf } from '../../../domain/time/time.ts';
import { dayIn } from '../../../config/today.ts';
import { ClaimUnderTest } from '../../support/builders.ts';
import { lipei } from '../../support/lipei.ts';
import { storeState } from '../../support/records.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import type { Office } from './office.ts';

/** The staff book, asked: a region of its own with two branches, and claims that nothing runs. */
export function askedStaff(office: () => Office): void {
  const ask = async (url: string) => office().ask('C-301', 'GET', url);
  const units = ['shandong', 'rizhao', 'weifang'];
  const claims = ['a', 'b', 'c'].map((each) => claimNumber('load', each));
  const today = dayIn('Asia/Shanghai', instantOf(Date.now()));

  beforeAll(async () => {
    await office().database.unit.createMany({
      data: [
        { code: 'shandong', name: '山东分公司', kind: 'regional-office', above: null },
        { code: 'rizhao', name: '日照支公司', kind: 'branch', above: 'shandong' },
        { code: 'weifang', name: '潍坊支公司', kind: 'branch', above: 'shandong' },
      ],
    });
    const hired = [
      { code: 'C-321', name: '于海波', branch: 'rizhao', deputies: ['C-322'], absences: [{ from: today }] },
      { code: 'C-322', name: '孔德明', branch: 'rizhao', leavesOn: new Date('2089-03-31T00:00:00Z') },
      { code: 'C-323', name: '戚月', branch: 'weifang', limits: { motor: { CNY: 5_000_000 } } },
      { code: 'U-921', name: '林建国', branch: 'shandong', roles: ['supervisor'] },
      { code: 'C-324', name: '从前', branch: 'weifang', active: false },
    ];
    await office().database.person.createMany({
      data: hired.map((each) => ({
        roles: ['handler'],
        limits: {},
        conflicts: [],
        email: `${each.code.toLowerCase()}@staff.example`,
        ...each,
      })),
    });
    const { claim: like } = ClaimUnderTest.covered();
    const [one = '', two = '', three = ''] = claims;
    for (const [number, handler, branch] of [
      [one, 'C-321', 'rizhao'],
      [two, 'C-321', 'rizhao'],
      [three, 'C-323', 'weifang'],
    ] as const)
      await storeState(office().database, { ...like, number, handler, branch, surveyor: 'nobody' });
    await office().database.claimLook.create({
      data: { claim: one, by: 'C-321', at: new Date('2026-01-01'), lookBy: new Date('2026-01-08') },
    });
  });
  afterAll(async () => {
    await office().database.claim.deleteMany({ where: { number: { in: claims } } });
    await office().database.claimLook.deleteMany({ where: { claim: { in: claims } } });
    await office().database.person.deleteMany({ where: { branch: { in: units } } });
    await office().database.unit.deleteMany({ where: { code: { in: units } } });
  });

  const codes = async (url: string): Promise<string[]> =>
    (await ask(url)).body.map(({ code }: { code: string }) => code);

  test.each([
    ['/staff?unit=shandong', ['C-321', 'C-322', 'C-323', 'C-324', 'U-921']],
    ['/staff?unit=rizhao', ['C-321', 'C-322']],
    ['/staff?unit=shandong&role=supervisor', ['U-921']],
    ['/staff?unit=shandong&absent=true', ['C-321']],
  ])('%s lists %j', async (url, expected) => {
    expect(await codes(url)).toEqual(expected);
  });

  test('a unit that is none, and a code of nobody, are said', async () => {
    expect(await ask('/staff?unit=atlantis')).toMatchObject({ status: 422, body: { field: 'unit' } });
    expect(await ask('/staff?role=wizard')).toMatchObject({ status: 400, body: { field: 'role' } });
    expect(await ask('/staff/C-999')).toMatchObject({ status: 404 });
  });

  test('one person is shown with limits in money, who stands in for whom, and what waits', async () => {
    expect((await ask('/staff/C-321')).body).toMatchObject({
      name: '于海波',
      branchName: '日照支公司',
      absent: { until: null },
      deputy: 'C-322',
      names: { 'C-322': '孔德明' },
      caseload: [{ role: 'handler', open: 2, unseen: 1 }],
      tasks: expect.any(Number),
    });
    expect((await ask('/staff/C-322')).body).toMatchObject({
      standsInFor: ['C-321'],
      leavesOn: '2089-03-31',
    });
    const { body, text } = await ask('/staff/C-323');
    expect(body.limits).toEqual({ motor: { CNY: '50000.00' } });
    expect(text).not.toContain('conflicts');
  });

  test('the load of a unit is that of all beneath it', async () => {
    const { units: found, people } = (await ask('/staff/load?unit=shandong')).body;
    const of = (code: string) => found.find((each: { code: string }) => each.code === code);
    expect(of('shandong')).toMatchObject({ claims: 3, unseen: 1 });
    expect(of('rizhao')).toMatchObject({ claims: 2, unseen: 1, name: '日照支公司' });
    expect(of('weifang')).toMatchObject({ claims: 1, unseen: 0 });
    for (const sum of ['claims', 'tasks', 'late', 'unseen'])
      expect(of('shandong')[sum]).toBe(of('rizhao')[sum] + of('weifang')[sum]);
    expect(of('shandong').oldestSince).toBe(
      [of('rizhao').oldestSince, of('weifang').oldestSince].toSorted()[0],
    );
    expect(people.map(({ code, handling }: Record<string, unknown>) => [code, handling])).toEqual([
      ['C-321', 2],
      ['C-322', 0],
      ['C-323', 1],
      ['U-921', 0],
    ]);
    expect(await codes('/units')).toEqual(expect.arrayContaining(units));
  });

  test('at the terminal units are a tree, and a person is a page', async () => {
    const env = { LIPEI_TOKEN: await office().token('C-301'), LIPEI_DATA: temporaryDirectory() };
    const print = async (...words: string[]) => (await lipei([...words, '--api', office().api], { env })).out;
    expect(await print('units', 'list')).toMatch(/^shandong +山东分公司.*\n {2}rizhao +日照支公司/m);
    const member = await print('staff', 'show', 'C-321');
    for (const part of ['C-321 于海波', 'rizhao 日照支公司', 'absent', 'C-322 孔德明', '1 claim unseen'])
      expect(member).toContain(part);
    expect(await print('staff', 'load', '--unit', 'shandong')).toMatch(/^ {2}weifang +潍坊支公司 +1/m);
  });

  // It looks at a claim, which is then seen.
  test('answers that people read have the names beside the codes', async () => {
    expect((await ask(`/claims/${claims[0]}`)).body).toMatchObject({
      handler: 'C-321',
      handlerName: '于海波',
      branch: 'rizhao',
      branchName: '日照支公司',
    });
    expect((await ask('/claims?handler=C-323')).body).toMatchObject([{ handlerName: '戚月' }]);
  });
}
