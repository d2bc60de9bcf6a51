import { WithStartWorkflowOperation } from '@temporalio/client';
import type { ActAnswer } from '../../workflows/contract.ts';
import { aNote } from '../support/builders.ts';
import { openStage, type ClaimOnStage, type Stage } from '../support/stage.ts';
import {
  because,
  bankPays,
  brings,
  expectationsOf,
  files,
  isComplete,
  kindsOf,
  sentOf,
  stands,
} from '../support/steps.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** As the API does it: a claim that has ended is taken up from the records with the act. */
async function reopens(claim: ClaimOnStage, reason: string, person = 'U-901'): Promise<ActAnswer> {
  const startWorkflowOperation = new WithStartWorkflowOperation('claim', {
    workflowId: claim.handle.workflowId,
    taskQueue: 'claims',
    args: [{ resume: claim.number }],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  return stage.client.workflow.executeUpdateWithStart('reopen', {
    args: [await claim.signs(person, 'reopen', { reason })],
    startWorkflowOperation,
  });
}

/** ¥8,000 claimed, all papers there. */
async function large(): Promise<ClaimOnStage> {
  const claim = await files(stage, {
    items: [{ object: 'insured-vehicle', party: 'wang', claimed: '8000' }],
  });
  await isComplete(claim);
  await brings(claim, 'repair-invoice', 'item-1');
  return claim;
}

/** Assessed by this handler and verified; it waits for its reviewers. */
async function toReview(claim: ClaimOnStage, amountMinor: number, by = 'C-301'): Promise<void> {
  const { items } = await stands(claim, 'assess:item-1');
  const claimed = items[0]?.claimedMinor ?? 0;
  const fields = { item: 'item-1', amountMinor, ...because(claimed, amountMinor) };
  expect(await claim.does(by, 'assess', fields)).toMatchObject({ kind: 'recorded' });
  const version = (await stands(claim, 'verify:item-1')).items[0]?.assessments;
  expect(await claim.does('V-401', 'verify', { item: 'item-1', version })).toMatchObject({
    kind: 'recorded',
  });
}

const ordersOf = (claim: ClaimOnStage): [string, number][] =>
  stage.bank.orders
    .filter(({ id }) => id.startsWith(claim.number))
    .map(({ id, amount }) => [id.slice(-9), amount.minor]);

test('a claim that was withdrawn by mistake goes on where it stood, and is paid once', async () => {
  const claim = await large();
  await toReview(claim, 800_000);
  await stands(claim, 'review:item-1');
  await claim.does('C-301', 'withdraw');
  expect(await claim.result()).toMatchObject({ outcome: 'withdrawn' });

  expect(await reopens(claim, 'nonsense')).toMatchObject({ kind: 'denied', reason: 'unknown-code' });
  expect(await claim.result()).toMatchObject({ outcome: 'withdrawn' });
  expect(await reopens(claim, 'withdrawn-by-mistake')).toMatchObject({ kind: 'recorded' });
  await stands(claim, 'review:item-1');
  expect(await claim.approves('R-501', 'item-1')).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(ordersOf(claim)).toEqual([['payment-1', 800_000]]);
  expect(await sentOf(claim, 'reopened')).toEqual(['reopened/email → party-1', 'reopened/sms → party-1']);
});

test('a refusal is looked at again by other people, and paid (S22)', async () => {
  const claim = await large();
  await toReview(claim, 800_000);
  await stands(claim, 'review:item-1');
  const refusal = { item: 'item-1', clause: 'excluded-cause', reasons: ['racing'] };
  for (const person of ['R-501', 'R-502'])
    expect(await claim.does(person, 'refuse', refusal)).toMatchObject({ kind: 'recorded' });
  expect(await claim.result()).toMatchObject({ outcome: 'refused' });

  expect(await reopens(claim, 'appeal')).toMatchObject({ kind: 'recorded' });
  // The handler assessed what is looked at again: operations see that nobody may, and a superior hands it over.
  await stands(claim, 'problem:nobody:handler');
  const as = { branch: 'elsewhere', roles: ['handler', 'reviewer'], conflicts: [] };
  expect(await claim.does('U-901', 'hand-over', { to: 'C-302', role: 'handler', as })).toMatchObject({
    kind: 'recorded',
  });
  await toReview(claim, 800_000, 'C-302');
  await stands(claim, 'review:item-1');
  expect(await claim.approves('R-501', 'item-1')).toMatchObject({ kind: 'denied', reason: 'segregation' });
  expect(await claim.approves('M-601', 'item-1')).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(ordersOf(claim)).toEqual([['payment-1', 800_000]]);
});

test('a late document undoes a cut: the difference is paid by the same road, and no more (S36)', async () => {
  const claim = await large();
  await toReview(claim, 600_000);
  await stands(claim, 'review:item-1');
  expect(await claim.approves('R-501', 'item-1')).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });

  expect(await reopens(claim, 'late-document')).toMatchObject({ kind: 'recorded' });
  await toReview(claim, 750_000);
  await stands(claim, 'review:item-1');
  expect(await claim.approves('R-502', 'item-1')).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(ordersOf(claim)).toEqual([
    ['payment-1', 600_000],
    ['payment-2', 150_000],
  ]);

  // Looked at once more, it comes to the same: nothing is paid, and the customer reads it.
  expect(await reopens(claim, 'late-document')).toMatchObject({ kind: 'recorded' });
  await toReview(claim, 750_000);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(ordersOf(claim)).toHaveLength(2);
  expect(await sentOf(claim, 'nothing-payable')).toHaveLength(2);
  expect((await kindsOf(claim)).filter((kind) => kind === 'claim-reopened')).toHaveLength(2);
});

test('an appeal about an item that has ended, while the claim is open, waits for a supervisor', async () => {
  const claim = await files(stage, {
    items: [
      { object: 'insured-vehicle', party: 'wang', claimed: '2000' },
      { object: 'third-party-vehicle', party: 'li', claimed: '1000' },
    ],
  });
  await claim.does('C-301', 'withdraw', { item: 'item-2' });
  expect(
    await claim.does('H-101', 'record-appeal', { item: 'item-2', note: aNote('not-meant') }),
  ).toMatchObject({ kind: 'recorded' });
  await stands(claim, 'appeal:item-2');
  expect(
    await claim.does('U-901', 'reopen', { reason: 'withdrawn-by-mistake', items: ['item-2'] }),
  ).toMatchObject({ kind: 'recorded' });
  expect(await expectationsOf(claim)).not.toContain('appeal:item-2');
  await claim.does('C-301', 'withdraw');
  expect(await claim.result()).toMatchObject({ outcome: 'withdrawn' });
});
