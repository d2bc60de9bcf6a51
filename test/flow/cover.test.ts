import { marking } from '../../records/keys/contact-key.ts';
import { correctPolicy, keepPolicies } from '../support/policies.ts';
import { wang } from '../support/notices.ts';
import { openStage, type ClaimOnStage, type Stage } from '../support/stage.ts';
import {
  assesses,
  atTheBank,
  bankPays,
  expectationsOf,
  files,
  isComplete,
  kindsOf,
  sentOf,
  stands,
} from '../support/steps.ts';
import { testKeyring } from '../support/test-keyring.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ runEvents: 100_000, hasPolicySource: true });
});
afterAll(() => stage.close());

const insuredFor = (sumInsuredMinor: number, excessMinor = 0) => ({
  'insured-vehicle': { sumInsuredMinor, excessMinor },
});

/** The policy has a new version, and the claim gets the report that the API would forward. */
async function changed(claim: ClaimOnStage, policy: string, change: Parameters<typeof correctPolicy>[2]) {
  await correctPolicy(stage.database, policy, change);
  await claim.reports('policy-changed', { policy });
}

const checks = async (claim: ClaimOnStage): Promise<number> =>
  (await kindsOf(claim)).filter((kind) => kind === 'cover-checked').length;

test('the small claim of somebody who is a stranger to the policy waits for a person', async () => {
  const mark = await marking(stage.database, testKeyring());
  const people = [{ role: 'policyholder' as const, marks: [mark('telephone', '+8613700137000')] }];
  await keepPolicies(stage.database, ['P-STRANGE'], { people });
  const claim = await files(stage, { policy: 'P-STRANGE' });
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  const { items, cover } = await stands(claim, 'review:item-1');
  expect([cover?.strangers, items[0]?.score]).toMatchObject([
    ['party-1', 'party-2'],
    { points: 30, factors: ['stranger'] },
  ]);
  // The book learns their telephone: the same claim is then paid by the rules.
  await changed(claim, 'P-STRANGE', {
    people: [{ role: 'policyholder', marks: [mark('telephone', wang.phone ?? '')] }],
  });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('a policy that is corrected under an approved claim cancels the approval, and the party reads the new amount', async () => {
  await keepPolicies(stage.database, ['P-FIX'], {});
  const claim = await files(stage, {
    policy: 'P-FIX',
    items: [{ object: 'insured-vehicle', party: 'wang', claimed: '2000.00' }],
  });
  await isComplete(claim);
  await claim.does('M-601', 'request-withdrawal', {});
  await assesses(claim, 'item-1', 200_000);
  await stands(claim, 'review:item-1');
  expect(await claim.approves('R-501', 'item-1')).toMatchObject({ kind: 'recorded' });
  await claim.until('approved', ({ items }) => items[0]?.payments.at(-1)?.kind === 'approved');
  await changed(claim, 'P-FIX', { objects: insuredFor(50_000_000, 30_000) });
  await claim.until('checked again', ({ items }) => items[0]?.approvals.length === 0);
  expect(await checks(claim)).toBe(2);
  expect(await sentOf(claim, 'assessed')).toHaveLength(4); // by text and by mail, twice
  await claim.does('C-301', 'cancel-withdrawal', {});
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  const paid = (await claim.journal()).find(({ kind }) => kind === 'payment-approved');
  expect(paid).toMatchObject({ amountMinor: 200_000 });
  const last = (await claim.journal()).findLast(({ kind }) => kind === 'payment-approved');
  expect(last).toMatchObject({ amountMinor: 170_000, excessMinor: 30_000 });
});

test('what is with the bank is not looked at again before the bank has answered', async () => {
  await keepPolicies(stage.database, ['P-BANK'], {});
  const claim = await files(stage, { policy: 'P-BANK' });
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  const payment = await atTheBank(claim, 0);
  await changed(claim, 'P-BANK', { objects: {} });
  await claim.until('reported', ({ policyNews }) => policyNews?.what === 'changed');
  expect([await checks(claim), await expectationsOf(claim)]).toEqual([1, [`confirm:${payment}`]]);
  await claim.reports('bank-returned', { payment, reason: 'AC04' });
  await claim.until('checked again', ({ items }) => items[0]?.refusal !== undefined);
  expect(await claim.state()).toMatchObject({
    items: [{ refusal: { clause: 'object-not-insured', by: 'lipei' } }],
  });
});

test('a payment whose cover was checked with a version that counts no more is stopped at the gate', async () => {
  await keepPolicies(stage.database, ['P-GATE'], {});
  const claim = await files(stage, { policy: 'P-GATE' });
  await isComplete(claim);
  await correctPolicy(stage.database, 'P-GATE', { objects: insuredFor(50_000_000, 50_000) });
  await assesses(claim, 'item-1', 200_000);
  await claim.until('checked again', ({ cover }) => cover?.version === 2);
  expect((await claim.journal()).find(({ kind }) => kind === 'approval-voided')).toMatchObject({
    because: 'policy-changed',
  });
  await stands(claim, 'review:item-1');
  expect(await claim.approves('R-501', 'item-1')).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(stage.bank.orders.filter(({ id }) => id.startsWith(claim.number))).toMatchObject([
    { amount: { minor: 150_000 } },
  ]);
});

test('a claim that is filed before its policy came collects its papers, and cover waits for the policy', async () => {
  const claim = await files(stage, { policy: 'P-LATE' });
  expect(await expectationsOf(claim)).toEqual(
    expect.arrayContaining(['policy', 'document:claim:driving-licence']),
  );
  expect(await claim.state()).toMatchObject({ stage: 'cover', items: [{ id: 'item-1' }] });
  await keepPolicies(stage.database, ['P-LATE'], {});
  await claim.reports('policy-changed', { policy: 'P-LATE', found: 'yes' });
  await stands(claim, 'survey');
  expect(await expectationsOf(claim)).not.toContain('policy');
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('a policy that is taken out of the book under a claim is awaited too, once', async () => {
  await keepPolicies(stage.database, ['P-UNDONE'], {});
  const claim = await files(stage, { policy: 'P-UNDONE' });
  await stands(claim, 'survey');
  await stage.database.policy.updateMany({ where: { number: 'P-UNDONE' }, data: { replacedAt: new Date() } });
  await claim.reports('policy-changed', { policy: 'P-UNDONE' });
  await stands(claim, 'policy');
  await stage.passes('2 days');
  expect((await kindsOf(claim)).filter((kind) => kind === 'policy-awaited')).toHaveLength(1);
});

test('a policy that its source does not have either is proposed for refusal, and two people decide', async () => {
  const claim = await files(stage, { policy: 'P-NEVER' });
  await stands(claim, 'policy');
  await claim.reports('policy-changed', { policy: 'P-OTHER', found: 'yes' });
  await claim.reports('policy-changed', { policy: 'P-NEVER', found: 'no' });
  await stands(claim, 'review:item-1');
  expect(await claim.state()).toMatchObject({
    items: [{ refusal: { clause: 'no-policy', reasons: ['policy-unknown'], by: 'lipei' } }],
  });
});
