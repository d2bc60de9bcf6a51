import { closes, settle } from '../bank-settlement.ts';
import type { Story } from '../story-runner.ts';
import { documentsIn, sentOf } from '../sent-notifications.ts';
import { eventually, expect } from '../waiting.ts';

/**
 * The insured's car needs no invoice up to ¥5,000, the third party's always does, and neither waits for the
 * other (S3).
 */
export const thirdPartyInvoice: Story = {
  name: 'third party’s invoice',
  notice: 'third-party-invoice',
  ends: 'paid',
  async play(scene) {
    await scene.as(scene.cast.surveyor).act(scene.number, 'report-survey', {
      onScene: true,
      findings: '两车前部受损，与报案所述一致。',
    });
    const { items } = await scene.claim();
    expect(
      '¥4,800 for the insured’s car needs no invoice',
      items[0]?.documents.every(({ kind }) => kind !== 'repair-invoice') ?? false,
    );
    expect(
      'the third party’s car needs one',
      items[1]?.documents.some(({ kind }) => kind === 'repair-invoice') ?? false,
    );
    await scene.brings('driving-licence');
    await scene.brings('accident-certificate');
    await scene.reached(
      'the insured’s papers are complete: an accident certificate does for the determination',
    );

    const insured = await settle(scene, 'item-1', '4800.00');
    expect(
      `the insured’s part is paid; it ended as ${insured.outcome?.kind}`,
      insured.outcome?.kind === 'paid',
    );
    expect(
      'the third party’s part still waits for its invoice',
      (await scene.item('item-2')).stage === 'documents',
    );
    await scene.reached('the insured’s part is paid while the third party’s waits');

    const reminders = await eventually('the third party is chased', 15, async () => {
      const notified = await sentOf(scene, 'documents-reminder');
      return notified.some((each) => documentsIn(each).includes('repair-invoice')) && notified;
    });
    const thirdParty = (await scene.claim()).parties.find(({ role }) => role === 'third-party')?.id;
    expect(
      'only the third party is chased for the invoice',
      reminders
        .filter((each) => documentsIn(each).includes('repair-invoice'))
        .every(({ to }) => to.party === thirdParty),
    );
    await scene.reached('the third party is chased for the invoice');

    await scene.brings('repair-invoice', 'item-2');
    await settle(scene, 'item-2', '3500.00');
    await closes(scene, 'paid');
  },
};
