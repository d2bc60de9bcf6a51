import { openStage, type ClaimOnStage, type Stage } from '../support/stage.ts';
import { assesses, bankPays, brings, files, isComplete, kindsOf, stands, survey } from '../support/steps.ts';
import { aNotice } from '../support/notices.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
afterEach(() => stage.database.person.updateMany({ data: { absences: [], conflicts: [] } }));

const areAbsent = (...codes: string[]): Promise<unknown> =>
  stage.database.person.updateMany({
    where: { code: { in: codes } },
    data: { absences: [{ from: '2020-01-01', until: '2099-01-01' }] },
  });
const areRelated = (...codes: string[]): Promise<unknown> =>
  stage.database.person.updateMany({ where: { code: { in: codes } }, data: { conflicts: ['P-1'] } });

const problems = (claim: ClaimOnStage, ...ids: string[]): Promise<unknown> =>
  claim.until(
    `problems ${ids.join()}`,
    ({ problems: open }) => open.map(({ id }) => id).join() === ids.join(),
  );

test('a new claim for which everybody is absent or in conflict has no handler: operations know at once, and a hand-over solves it', async () => {
  await areAbsent('S-201');
  await areRelated('C-301', 'C-302');
  const claim = await files(stage);
  await problems(claim, 'nobody:handler', 'nobody:surveyor');
  expect(await claim.state()).toMatchObject({
    handler: 'nobody',
    surveyor: 'nobody',
    problems: [
      { what: 'nobody may handle the claim in longkou' },
      { what: 'nobody may act as surveyor for nobody in longkou' },
    ],
    expectations: expect.arrayContaining([
      expect.objectContaining({ id: 'problem:nobody:handler', from: 'operations' }),
    ]),
  });
  await stage.passes('26 hours');
  expect(await kindsOf(claim)).toContain('rung-taken');

  await stage.database.person.updateMany({ data: { absences: [], conflicts: [] } });
  expect(
    await claim.does('U-901', 'hand-over', {
      to: 'C-301',
      role: 'handler',
      as: { roles: ['handler'], branch: 'longkou', conflicts: [] },
    }),
  ).toMatchObject({
    kind: 'recorded',
  });
  expect(
    await claim.does('U-901', 'hand-over', {
      to: 'S-201',
      role: 'surveyor',
      as: { roles: ['surveyor'], branch: 'longkou', conflicts: [] },
    }),
  ).toMatchObject({
    kind: 'recorded',
  });
  await problems(claim);
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

/** A claim of so many yuan, assessed, which waits for a verifier. */
async function toVerify(amount: number): Promise<ClaimOnStage> {
  const claim = await files(stage, {
    items: aNotice().items.map((item) => ({ ...item, claimed: `${amount}.00` })),
  });
  await survey(claim);
  for (const paper of ['driving-licence', 'police-determination']) await brings(claim, paper);
  await brings(claim, 'repair-invoice', 'item-1');
  await assesses(claim, 'item-1', amount * 100);
  await stands(claim, 'verify:item-1');
  return claim;
}

test('a review that nobody may decide is a problem at once; a retry looks again, and meanwhile the claim takes everything else', async () => {
  const claim = await toVerify(90_000);
  await areRelated('C-302', 'R-502', 'M-601', 'E-701');
  await claim.does('V-401', 'verify', { item: 'item-1', version: 1 });
  await problems(claim, 'nobody:review:item-1');
  expect((await claim.state()).problems).toMatchObject([
    { what: 'nobody may review item-1 (CNY 90000.00) in longkou' },
  ]);
  expect(await claim.does('O-951', 'retry', { problem: 'nobody' })).toMatchObject({ kind: 'recorded' });
  await claim.until('raised again', ({ problems: open }) => open.length === 1);

  await stage.database.person.updateMany({ where: { code: 'M-601' }, data: { conflicts: [] } });
  await claim.does('O-951', 'retry', { problem: 'nobody:review:item-1' });
  await problems(claim);
  expect(await claim.approves('M-601', 'item-1')).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect((await kindsOf(claim)).filter((kind) => kind === 'problem-raised')).toHaveLength(2);
});

test('a claim that has lost its handler is paid and closes all the same', async () => {
  const claim = await toVerify(30_000);
  await stage.database.person.update({ where: { code: 'C-301' }, data: { active: false } });
  await claim.does('V-401', 'verify', { item: 'item-1', version: 1 });
  await problems(claim, 'nobody:handler');
  expect(await claim.approves('R-501', 'item-1')).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect((await kindsOf(claim)).filter((kind) => kind === 'problem-solved')).toHaveLength(1);
  await stage.database.person.update({ where: { code: 'C-301' }, data: { active: true } });
});
