import { companyOn } from '../../records/staff/company.ts';
import { untaken } from '../../domain/people/staffing.ts';
import { takersOf } from '../../domain/people/takers.ts';
import { houseRules } from '../../config/rules/load.ts';
import { openStage, type ClaimOnStage, type Stage } from '../support/stage.ts';
import { bankPays, because, brings, files, kindsOf, sentOf, stands, survey } from '../support/steps.ts';
import { aNotice } from '../support/notices.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.database.unit.create({
    data: { code: 'east', name: 'East', kind: 'regional-office', above: 'head' },
  });
  await stage.database.unit.updateMany({ where: { kind: 'branch' }, data: { above: 'east' } });
  await stage.database.person.create({
    data: {
      code: 'U-905',
      name: 'Staff U-905',
      email: 'u-905@staff.example',
      roles: ['supervisor'],
      branch: 'east',
      limits: {},
      conflicts: [],
    },
  });
});
afterAll(() => stage.close());
afterEach(() =>
  stage.database.person.updateMany({ data: { absences: [], deputies: [], active: true, leavesOn: null } }),
);

const away = { absences: [{ from: '2020-01-01', until: '2099-01-01' }] };
const changes = (code: string, data: object): Promise<unknown> =>
  stage.database.person.update({ where: { code }, data });

/** Who gets what the claim waits for, as work lists have it. */
async function takersIn(claim: ClaimOnStage, id: string): Promise<string[]> {
  const state = await claim.state();
  const open = state.expectations.find((each) => each.id === id);
  const company = await companyOn(stage.database, '2026-11-28');
  const world = { ...company, pack: houseRules.recorded(state.rules) };
  expect(untaken(state, company.staff, world)).toEqual([]);
  return open ? takersOf(state, open, company.staff, world).present.map(({ code }) => code) : [];
}

const filedFor = (amount: number): Promise<ClaimOnStage> =>
  files(stage, { items: aNotice().items.map((item) => ({ ...item, claimed: `${amount}.00` })) });

test('a handler who falls ill in the middle: the deputy of another branch decides, with the dates as they are; the deputy is ill too: theirs does', async () => {
  const claim = await filedFor(4800);
  await survey(claim);
  await brings(claim, 'driving-licence');
  await brings(claim, 'accident-certificate');
  const before = await stands(claim, 'assess:item-1');
  expect(await claim.does('C-302', 'assess', { item: 'item-1', amountMinor: 480_000 })).toMatchObject({
    reason: 'branch',
  });
  await changes('C-301', { ...away, deputies: ['C-302'] });
  expect(await takersIn(claim, 'assess:item-1')).toEqual(['C-302']);
  const dueOf = ({ expectations }: typeof before): string | undefined =>
    expectations.find(({ id }) => id === 'assess:item-1')?.due;
  expect(dueOf(await claim.state())).toBe(dueOf(before));
  await changes('C-302', { ...away, deputies: ['E-701'] });
  await changes('E-701', { roles: ['executive', 'handler'] });
  expect(await takersIn(claim, 'assess:item-1')).toEqual(['E-701']);
  expect(
    await claim.does('E-701', 'assess', {
      item: 'item-1',
      amountMinor: 400_000,
      ...because(480_000, 400_000),
    }),
  ).toMatchObject({ kind: 'recorded' });
  await changes('E-701', { roles: ['executive'] });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('a handler who has left is followed by another one, the customer of the major claim is notified, and an approval of somebody who left counts no more', async () => {
  const claim = await filedFor(380_000);
  await claim.reports('handler-left', {
    id: 'left:1',
    left: 'C-301',
    role: 'handler',
    to: 'C-302',
    as: { roles: ['handler', 'reviewer'], branch: 'elsewhere', conflicts: [] },
  });
  expect(await claim.until('handed over', ({ handler }) => handler === 'C-302')).toMatchObject({
    urgency: 'priority',
  });
  await changes('C-301', { active: false });
  expect((await claim.journal()).filter(({ kind }) => kind === 'handed-over')).toMatchObject([
    { by: 'lipei', to: 'C-302', role: 'handler', left: 'C-301', branch: 'elsewhere' },
  ]);
  expect(await sentOf(claim, 'handler-changed')).toHaveLength(2);

  await claim.reports('handler-away', {
    id: 'away:1',
    handler: 'C-302',
    deputy: 'U-901',
    until: '2099-01-01',
  });
  await claim.until('away', ({ handlerAway }) => handlerAway !== undefined);
  expect(await sentOf(claim, 'handler-away')).toHaveLength(2);
  await claim.reports('handler-back', { id: 'back:1', handler: 'C-302' });
  await claim.until('back', ({ handlerAway }) => handlerAway === undefined);

  await survey(claim);
  for (const paper of ['driving-licence', 'police-determination'])
    await brings(claim, paper, undefined, 'C-302');
  await brings(claim, 'repair-invoice', 'item-1', 'C-302');
  await stands(claim, 'assess:item-1');
  await claim.does('C-302', 'assess', { item: 'item-1', amountMinor: 38_000_000 });
  await claim.does('V-401', 'verify', { item: 'item-1', version: 1 });
  await stands(claim, 'review:item-1');
  // An approval of somebody who leaves counts no more: another one is asked for it.
  expect(await claim.approves('R-502', 'item-1')).toMatchObject({ kind: 'recorded' });
  await changes('R-502', { active: false });
  expect(await claim.approves('M-601', 'item-1')).toMatchObject({ kind: 'recorded' });
  await claim.until('asked again', ({ items }) => items[0]?.approvals.length === 1);
  expect(await takersIn(claim, 'review:item-1')).toEqual(['E-701']);
  expect(await claim.approves('E-701', 'item-1')).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('an escalation climbs past an absent supervisor to the regional office, who may act there', async () => {
  await changes('U-901', away);
  const claim = await filedFor(4800);
  const { expectations } = await late(claim);
  const open = expectations.find(({ from }) => from === 'supervisor');
  expect(await takersIn(claim, open?.id ?? '')).toEqual(['U-905']);
  expect(
    await claim.does('U-905', 'waive-document', { document: 'driving-licence', reason: 'already-on-file' }),
  ).toMatchObject({ kind: 'recorded' });
  expect(await kindsOf(claim)).not.toContain('problem-raised');
});

async function late(claim: ClaimOnStage): ReturnType<ClaimOnStage['until']> {
  for (let days = 0; days < 30; days += 1) {
    const state = await claim.state();
    if (state.expectations.some(({ from }) => from === 'supervisor')) return state;
    await stage.passes('1 day');
  }
  throw new Error('Nothing was escalated.');
}
