import { lipei } from '../../support/lipei.ts';
import { aNotice } from '../../support/notices.ts';
import { keepPolicies } from '../../support/policies.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { until, type Office } from './office.ts';

/** Many claims handed over by one act, in a branch of their own. */
export function handOvers(office: () => Office): void {
  const ask: Office['ask'] = (...asked) => office().ask(...asked);
  const branch = 'weihai';
  const handOver = (asked: object, by = 'U-910') => ask(by, 'POST', '/hand-overs', asked);
  const claims: string[] = [];

  const hire = (code: string, roles: string[]) =>
    office().database.person.create({
      data: {
        code,
        name: `Staff ${code}`,
        email: `${code.toLowerCase()}@staff.example`,
        roles,
        branch,
        limits: {},
        conflicts: [],
      },
    });
  const change = (code: string, data: object) => office().database.person.update({ where: { code }, data });

  beforeAll(async () => {
    await hire('C-310', ['handler']);
    await hire('C-312', ['hotline']);
    await hire('U-910', ['supervisor']);
    const policies = [1, 2, 3, 4].map((n) => `WH-${n}`);
    await keepPolicies(office().database, policies, { branch });
    for (const policy of policies) {
      const notice = aNotice({ policy });
      const filed = await until(
        () => ask(policy === 'WH-3' ? 'C-312' : 'H-101', 'POST', '/claims', notice),
        ({ status }) => status < 300,
      );
      claims.push(filed.body.claim);
    }
    await hire('C-311', ['handler']);
    await change('C-311', { conflicts: ['WH-2'], deputies: ['C-312'] });
    await change('C-312', { roles: ['handler'] });
  });
  afterAll(async () => {
    await office().database.claim.deleteMany({ where: { branch } });
    await office().database.followUp.deleteMany({ where: { branch } });
    await office().database.person.deleteMany({ where: { branch } });
  });

  const held = (handler: string) => office().database.claim.count({ where: { handler, outcome: null } });

  const outcomes = ({ body }: Awaited<ReturnType<typeof handOver>>): Record<string, string> =>
    Object.fromEntries(
      body.claims.map((each: Record<string, string>) => [
        `claim ${claims.indexOf(each['claim'] ?? '') + 1}`,
        each['outcome'] === 'denied' ? (each['reason'] ?? 'nobody') : each['to'],
      ]),
    );

  test('a dry run says who would have which claim and what stops the others; the run does just that', async () => {
    const asked = { from: 'C-310', to: 'C-311' };
    const planned = await handOver({ ...asked, dryRun: true });
    const expected = {
      'claim 1': 'C-311',
      'claim 2': 'conflict-of-interest',
      'claim 3': 'C-311',
      'claim 4': 'C-311',
    };
    expect(outcomes(planned)).toEqual(expected);
    expect(planned.body.claims[0]).toMatchObject({ toName: 'Staff C-311' });
    const before = await office().database.journalEntry.count({ where: { claim: { in: claims } } });
    expect(await held('C-311')).toBe(0);
    expect(outcomes(await handOver({ ...asked, plan: 'first' }))).toEqual(expected);
    expect(await held('C-311')).toBe(3);
    expect(
      await office().database.journalEntry.count({ where: { claim: { in: claims }, kind: 'handed-over' } }),
    ).toBe(3);
    // Sent again, only what is left is tried again.
    expect(outcomes(await handOver({ ...asked, plan: 'first' }))).toEqual({
      'claim 2': 'conflict-of-interest',
    });
    expect(before).toBeGreaterThan(0);
  });

  test('spread, each goes to whoever has fewest and may have it, never to one who filed it', async () => {
    const asked = { from: 'C-311', taking: 'spread' };
    const planned = outcomes(await handOver({ ...asked, dryRun: true }));
    expect(planned['claim 3']).toBe('C-310');
    expect(Object.keys(planned)).toHaveLength(3);
    expect(Object.values(planned)).toContain('C-312');
    expect(outcomes(await handOver(asked))).toEqual(planned);
    expect(Math.abs((await held('C-310')) - (await held('C-312')))).toBeLessThanOrEqual(2);
  });

  test('the deputy takes them, in parts by filter, at the terminal with the names', async () => {
    await change('C-312', { deputies: ['C-311'] });
    const cli = {
      env: { LIPEI_TOKEN: await office().token('U-910'), LIPEI_DATA: temporaryDirectory() },
    };
    const typed = ['claims', 'hand-over', '--from', 'C-312', '--to-deputy', '--api', office().api];
    const none = await lipei([...typed, '--stage', 'pay', '--dry-run'], cli);
    expect(none.out).toContain('C-312 Staff C-312 is the handler of no open claim like that.');
    const theirs = await held('C-312');
    const sum = `${theirs} claim${theirs === 1 ? '' : 's'} of C-312 Staff C-312 as handler: `;
    const dry = await lipei([...typed, '--dry-run'], cli);
    expect(dry.out).toContain(`${sum}${theirs} to C-311 Staff C-311.`);
    expect(dry.out).toContain('Nothing was handed over.');
    const done = await lipei([...typed, '--line', 'motor'], cli);
    expect(done.out).toContain(`${sum}${theirs} to C-311 Staff C-311.`);
    expect(await held('C-311')).toBe(theirs);
  });

  test.each([
    ['an auditor', 'A-991', { from: 'C-310', to: 'C-311' }, 403, /auditors change nothing/],
    ['the hotline', 'H-101', { from: 'C-310', to: 'C-311' }, 403, /one of the roles handler/],
    ['nobody of that code', 'U-910', { from: 'C-999', to: 'C-311' }, 422, /nobody has "C-999"/],
    ['the same person', 'U-910', { from: 'C-310', to: 'C-310' }, 422, /somebody else/],
    ['no taker', 'U-910', { from: 'C-310' }, 422, /must be given once/],
    ['two takers', 'U-910', { from: 'C-310', to: 'C-311', taking: 'spread' }, 422, /must be given once/],
    ['a stage that is none', 'U-910', { from: 'C-310', to: 'C-311', filter: { stage: 'x' } }, 400, /stage/],
  ])('it is denied for %s', async (_, by, asked, status, detail) => {
    expect(await handOver(asked, by)).toMatchObject({
      status,
      body: { detail: expect.stringMatching(detail) },
    });
  });

  test('who may not hand over a claim plans nothing but denials', async () => {
    const asked = { from: 'C-310', dryRun: true };
    const reasons = async (more: object, by: string) => [
      ...new Set(Object.values(outcomes(await handOver({ ...asked, ...more }, by)))),
    ];
    expect(await reasons({ to: 'C-311' }, 'U-901')).toEqual(['branch']);
    expect(await reasons({ to: 'C-999' }, 'U-910')).toEqual(['nobody']);
  });
}
