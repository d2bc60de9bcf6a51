import type { Scene } from '../scene.ts';
import { closes } from '../bank-settlement.ts';
import { sendWithoutProof } from '../temporal-cli.ts';
import type { Story } from '../story-runner.ts';
import { eventually, expect } from '../waiting.ts';

const item = 'item-1';

/** ¥380,000: only two people with authority can approve it (S18, S19, S28). */
export const largeLoss: Story = {
  name: 'large loss',
  notice: 'large-loss',
  ends: 'paid',
  async play(scene) {
    const { as, cast, number } = scene;
    const { urgency, handler } = await scene.claim();
    expect(
      'a large loss has priority and a named handler',
      urgency === 'priority' && /^\w+-\d+$/.test(handler),
    );
    await scene.reached(`priority, and ${handler} handles it by name`);
    await as(cast.surveyor).act(number, 'report-survey', {
      onScene: true,
      findings: '车头、发动机和底盘严重损坏，护栏有撞击痕迹，与报案所述一致。',
    });
    for (const document of ['driving-licence', 'accident-certificate', 'repair-invoice'])
      await scene.brings(document);

    await assessed(scene, '380000.00');
    await deniedApprovals(scene);
    await cancelled(scene);
    await approve(scene, cast.seniorReviewer);
    await as(cast.manager).act(number, 'return-for-rework', { item, to: 'assess', reason: 'price-too-high' });
    await scene.reached('the manager sends it back for rework: the price is too high');

    await assessed(scene, '360000.00', [priceAboveMarket]);
    await approve(scene, cast.seniorReviewer);
    expect('one approval is not enough', (await scene.item(item)).payment === null);
    await approve(scene, cast.manager);
    await scene.reached('two different people have approved: the payment is released');
    await closes(scene, 'paid');
    const paid = await scene.item(item);
    expect(
      `¥358,000 was paid, the excess being ¥2,000; it was ${paid.payment?.amount}`,
      paid.payment?.amount === '358000.00',
    );
    await journalled(scene);
  },
};

/** The payee reads the reason of the cut; without an amount it explains the whole difference. */
const priceAboveMarket = { reason: 'above-market-price' };

async function assessed(scene: Scene, amount: string, cuts?: { reason: string }[]): Promise<void> {
  const { as, cast, number } = scene;
  await at(scene, 'assess');
  await as(cast.assessor).act(number, 'assess', { item, amount, cuts });
  await verified(scene);
}

async function verified(scene: Scene): Promise<void> {
  const { as, cast, number } = scene;
  const { assessment } = await at(scene, 'verify');
  await as(cast.verifier).act(number, 'verify', { item, version: assessment?.version });
  await at(scene, 'review');
}

/** Denied: the assessor, a limit that is too low, the same person twice, and a message without proof. */
async function deniedApprovals(scene: Scene): Promise<void> {
  const { cast, number, addresses } = scene;
  const { of = '' } = await scene.item(item);
  await expectDenied(scene, 'segregation', 'the assessor approving', cast.assessor);
  await expectDenied(scene, 'limit', 'an approval above somebody’s limit', cast.juniorReviewer);
  await approve(scene, cast.seniorReviewer);
  await expectDenied(scene, 'approved-before', 'the same person’s second approval', cast.seniorReviewer);
  await sendWithoutProof(addresses.temporalAddress, number, 'approve', { id: `typed-${number}`, item, of });
  const { denial } = await scene.entry(
    'a decision typed into Temporal is denied',
    'message-denied',
    (entry) => ['unreadable', 'no-proof'].includes(entry.denial.reason),
  );
  await scene.reached(`denied: a decision sent straight to Temporal without proof (${denial.reason})`);
}

/** Another amount or account is another payment: the approvals are cancelled. */
async function cancelled(scene: Scene): Promise<void> {
  const { as, cast, number } = scene;
  await as(cast.assessor).act(number, 'assess', { item, amount: '370000.00', cuts: [priceAboveMarket] });
  await scene.entry('a changed amount cancels approvals', 'approval-voided');
  await verified(scene);
  await approve(scene, cast.seniorReviewer);
  await as(cast.finance).act(number, 'set-payee', { item, account: '6222 0200 0000 0010 074' });
  await eventually(
    'a changed account cancels approvals',
    15,
    async () => (await scene.entries('approval-voided')).length === 2,
  );
  await at(scene, 'review');
  expect('no approval is left', (await scene.item(item)).approvals.length === 0);
  await scene.reached('a changed amount, and then a changed account, cancelled the approvals');
}

async function approve(scene: Scene, who: string): Promise<void> {
  const { of } = await scene.item(item);
  await scene.as(who).act(scene.number, 'approve', { item, of });
}

async function expectDenied(scene: Scene, expected: string, what: string, who: string): Promise<void> {
  const reason = await scene.denied(what, () => approve(scene, who));
  expect(`${what} is denied as "${expected}"; it was "${reason}"`, reason === expected);
  await scene.reached(`denied: ${what} (${reason})`);
}

async function at(scene: Scene, stage: string) {
  await scene.until(`the item stands at ${stage}`, ({ items }) => items[0]?.stage === stage);
  return scene.item(item);
}

async function journalled({ entries }: Scene): Promise<void> {
  const reasons = (await entries('message-denied')).map(({ denial }) => denial.reason);
  expect(
    `the journal has every denial; there are ${reasons.join(', ')}`,
    ['segregation', 'limit', 'approved-before'].every((reason) => reasons.some((each) => each === reason)) &&
      reasons.length === 4,
  );
}
