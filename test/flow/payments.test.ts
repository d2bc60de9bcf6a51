import { hashOf } from '../../domain/hash.ts';
import { signStatement } from '../../security/signing.ts';
import { reportSignal } from '../../workflows/contract.ts';
import { openStage, type ClaimOnStage, type Stage } from '../support/stage.ts';
import {
  assesses,
  atTheBank,
  bankPays,
  brings,
  files,
  isComplete,
  expectationsOf,
  kindsOf,
  stands,
} from '../support/steps.ts';
import { sure } from '../support/builders.ts';
import { testSigning } from '../support/test-keyring.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ runEvents: 100_000, together: true });
});
afterAll(() => stage.close());

/** A small claim whose payment the rules have released to the bank. */
async function released(): Promise<{ claim: ClaimOnStage; payment: string }> {
  const claim = await files(stage);
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  return { claim, payment: await atTheBank(claim, 0) };
}

const ordersOf = ({ number }: ClaimOnStage): string[] =>
  stage.bank.orders.filter(({ id }) => id.startsWith(number)).map(({ id }) => id.slice(-9));

/** The account is given anew, finance clears, a reviewer approves. */
async function paidAgain(claim: ClaimOnStage): Promise<void> {
  await stands(claim, 'clear:item-1');
  await claim.does('H-101', 'set-payee', {
    item: 'item-1',
    party: 'party-1',
    account: await stage.keepsAccount(claim.number, 'party-1', '6222020090003333'),
  });
  await claim.does('F-801', 'clear-payment', { item: 'item-1', finding: 'account-wrong' });
  await stands(claim, 'review:item-1');
  expect(await claim.approves('R-501', 'item-1')).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
}

/** As the API does it for a claim that has ended: the report starts it anew. */
async function reportsAnew(claim: ClaimOnStage, fields: { payment: string; reason: string }): Promise<void> {
  const proof = signStatement(testSigning, {
    claim: claim.number,
    act: 'bank-returned',
    id: `again ${hashOf(fields).slice(0, 16)}`,
    at: new Date(await stage.env.currentTimeMs()).toISOString(),
    by: { kind: 'provider', name: 'bank' },
    fields,
  });
  await stage.client.workflow.signalWithStart('claim', {
    workflowId: claim.handle.workflowId,
    taskQueue: 'claims',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ resume: claim.number }],
    signal: reportSignal('bank-returned'),
    signalArgs: [proof],
  });
}

test('a payment that comes back after closing reaches finance, and is paid again by the same road (M10)', async () => {
  const { claim, payment } = await released();
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  // A report that changes nothing leaves it closed.
  await reportsAnew(claim, { payment: `${claim.number}-item-2-payment-1`, reason: 'AC04' });
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(await kindsOf(claim)).not.toContain('claim-reopened');

  stage.bank.words[payment] = { kind: 'returned', reason: 'AC04' };
  await reportsAnew(claim, { payment, reason: 'AC04' });
  const { outcome } = await stands(claim, 'clear:item-1');
  expect(outcome).toBeUndefined();
  await paidAgain(claim);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(ordersOf(claim)).toEqual(['payment-1', 'payment-2']);
});

test('a claim is taken up under its own id alone, and not without a journal', async () => {
  const { claim } = await released();
  for (const [workflowId, resume] of [
    ['somebody', claim.number],
    ['claim-LZZZZ-ZZZZZ', 'LZZZZ-ZZZZZ'],
  ])
    expect(
      await stage.client.workflow.execute('claim', {
        workflowId: String(workflowId),
        taskQueue: 'claims',
        args: [{ resume }],
      }),
    ).toMatchObject({ kind: 'not-opened' });
});

test('what is returned and then confirmed is held until finance has cleared it: one payment leaves (M12)', async () => {
  const { claim, payment } = await released();
  await claim.reports('bank-returned', { payment, reason: 'AC04' });
  await claim.reports('bank-confirmed', { payment, reference: 'B-1' });
  await stands(claim, 'clear:item-1');
  expect(await claim.does('F-801', 'clear-payment', { item: 'item-1', finding: 'paid-once' })).toMatchObject({
    kind: 'recorded',
  });
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(ordersOf(claim)).toEqual(['payment-1']);
});

test('a return that the bank does not know of pays nothing twice: what the bank says holds it (M1)', async () => {
  const { claim, payment } = await released();
  await claim.reports('bank-returned', { payment, reason: 'AC04' });
  stage.bank.words[payment] = { kind: 'confirmed', reference: 'B-9' };
  await stands(claim, 'clear:item-1');
  await claim.does('H-101', 'set-payee', {
    item: 'item-1',
    party: 'party-1',
    account: await stage.keepsAccount(claim.number, 'party-1', '6222020090003333'),
  });
  await claim.does('F-801', 'clear-payment', { item: 'item-1', finding: 'account-wrong' });
  await stands(claim, 'review:item-1');
  await claim.approves('R-501', 'item-1');
  const { items } = await stands(claim, 'clear:item-1');
  expect(items[0]?.payments.map(({ kind }) => kind)).toEqual(['disputed', 'dropped']);
  await claim.does('F-801', 'clear-payment', { item: 'item-1', finding: 'paid-once' });
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(ordersOf(claim)).toEqual(['payment-1']);
});

test('what the bank does not know is instructed again when finance has it asked', async () => {
  const { claim, payment } = await released();
  stage.bank.orders.length = 0;
  expect(await claim.does('F-801', 'ask-bank')).toMatchObject({ kind: 'recorded' });
  await claim.state();
  expect(stage.bank.orders.map(({ id }) => id)).toEqual([payment]);
  expect(await claim.does('F-801', 'ask-bank')).toMatchObject({ kind: 'denied', reason: 'not-now' });
  stage.bank.words[payment] = { kind: 'confirmed', reference: 'B-1' };
  await stage.passes('5 hours');
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('an approval falls with its giver: the payment is reviewed again (M8)', async () => {
  const claim = await files(stage, {
    items: [{ object: 'insured-vehicle', party: 'wang', claimed: '120000' }],
  });
  await isComplete(claim);
  await brings(claim, 'repair-invoice', 'item-1');
  await assesses(claim, 'item-1', 12_000_000);
  await stands(claim, 'verify:item-1');
  await claim.does('V-401', 'verify', { item: 'item-1', version: 1 });
  await stands(claim, 'review:item-1');
  await claim.approves('R-502', 'item-1');
  await stage.database.person.update({ where: { code: 'R-502' }, data: { active: false } });
  await claim.approves('M-601', 'item-1');
  const waiting = await claim.until(
    'reviewed again',
    ({ items }) => items[0]?.payments.at(-1)?.kind === 'dropped' && items[0].approvals.length === 1,
  );
  expect(waiting.expectations.map(({ id }) => id)).toContain('review:item-1');
  expect(ordersOf(claim)).toEqual([]);
  await stage.database.person.update({ where: { code: 'R-502' }, data: { active: true } });
  await claim.approves('E-701', 'item-1');
  await bankPays(claim, 0);
  expect(ordersOf(claim)).toEqual(['payment-2']);
});

test('a version of a policy that was changed past the book holds the payment, and operations retry it', async () => {
  const claim = await files(stage);
  await isComplete(claim);
  const set = (excessMinor: number): Promise<unknown> =>
    stage.database.$transaction([
      stage.database.$executeRaw`ALTER TABLE policy DISABLE TRIGGER USER`,
      stage.database.$executeRaw`
        UPDATE policy SET objects = jsonb_set(objects, '{insured-vehicle,excessMinor}', to_jsonb(${excessMinor}::int))
        WHERE number = 'P-1'`,
      stage.database.$executeRaw`ALTER TABLE policy ENABLE TRIGGER USER`,
    ]);
  await set(100);
  await assesses(claim, 'item-1', 200_000);
  const { problems } = await claim.until('held', (state) => state.problems.length > 0);
  expect(problems).toMatchObject([{ id: 'gate:item-1', what: expect.stringContaining('the payment gate') }]);
  expect(ordersOf(claim)).toEqual([]);
  await set(0);
  expect(await claim.does('O-951', 'retry', { problem: 'gate' })).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('one loss as two notices needs the papers and people of the whole, and handlers compare them (M3, M4)', async () => {
  const items = [{ object: 'insured-vehicle', party: 'wang', claimed: '4800' }];
  const pair = [await files(stage, { items }), await files(stage, { items })];
  for (const claim of pair) await isComplete(claim);
  for (const [index, claim] of pair.entries()) {
    const other = sure(pair[1 - index]).number;
    await stands(claim, `compare:${other}`);
    await stands(claim, 'document:item-1:repair-invoice');
    await brings(claim, 'repair-invoice', 'item-1');
    await assesses(claim, 'item-1', 480_000);
    await stands(claim, 'verify:item-1');
    expect(await claim.does('V-401', 'verify', { item: 'item-1', version: 1 })).toMatchObject({
      kind: 'recorded',
    });
    const { items: scored } = await stands(claim, 'review:item-1');
    expect(scored).toMatchObject([{ score: { factors: ['likely-duplicate'] }, approvals: [] }]);
    expect(await claim.does('C-301', 'join-claims', { other, finding: 'same-loss' })).toMatchObject({
      kind: 'recorded',
    });
    expect(await expectationsOf(claim)).toEqual(['review:item-1']);
  }
  for (const claim of pair) {
    await claim.approves('R-501', 'item-1');
    await bankPays(claim, 0);
    expect(await claim.result()).toMatchObject({ outcome: 'paid' });
    expect(ordersOf(claim)).toEqual(['payment-1']);
  }
});

test('a third notice of a loss is linked with one that has closed, which gets a follow-up', async () => {
  const lossAt = new Date((await stage.env.currentTimeMs()) - 3_600_000).toISOString();
  const items = [{ object: 'insured-vehicle', party: 'wang', claimed: '2000' }];
  const first = await files(stage, { items, lossAt });
  const marks = await stage.database.claimMark.findMany({ where: { claim: first.number } });
  await isComplete(first);
  await assesses(first, 'item-1', 200_000);
  await bankPays(first, 0);
  await first.result();
  const second = await files(stage, { items, lossAt });
  await stage.database.claimMark.createMany({ data: marks });
  await isComplete(second);
  await stands(second, `compare:${first.number}`);
  const { related } = await second.state();
  expect(related).toMatchObject([
    {
      claim: first.number,
      why: ['account', 'policy'],
      closedAt: expect.stringMatching(/Z$/),
      objects: { 'insured-vehicle': { stakeMinor: 200_000 } },
    },
  ]);
  expect(await stage.database.followUp.findMany({ where: { claim: first.number } })).toMatchObject([
    { id: `compare-${second.number}`, what: `compare with ${second.number}` },
  ]);
});
