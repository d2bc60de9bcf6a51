import { openStage, type ClaimOnStage, type Stage } from '../support/stage.ts';
import { assesses, atTheBank, files, isComplete, stands } from '../support/steps.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ pace: 'ordinary', runEvents: 100_000 });
});
afterAll(() => stage.close());

const hourMs = 3_600_000;

/** Until this hour of the day in UTC comes; in Shanghai, where the parties live, it is eight hours later. */
async function until(hour: number): Promise<void> {
  const now = await stage.env.currentTimeMs();
  const today = Math.floor(now / (24 * hourMs)) * 24 * hourMs + hour * hourMs;
  await stage.passes(today > now ? today - now : today + 24 * hourMs - now);
}
const evening = (): Promise<void> => until(14.5);
const noon = (): Promise<void> => until(4);

const textsOf = ({ number }: ClaimOnStage): string[] =>
  stage.sms.sent
    .map(({ reference }) => reference)
    .filter((reference) => reference.startsWith(`${number}/pa`))
    .map((reference) => reference.slice(number.length + 1));

test('the bank pays while "payment approved" waits for the morning: only "paid" is sent then', async () => {
  const claim = await files(stage);
  await isComplete(claim);
  await stands(claim, 'assess:item-1');
  // The texts of the first day do not count against the cap of the second.
  await stage.passes('1 day');
  await evening();
  await assesses(claim, 'item-1', 200_000);
  const payment = await atTheBank(claim, 0);
  await claim.until('approved is to be sent', ({ outbox }) =>
    outbox.some(({ id }) => id === 'payment-approved-1-sms'),
  );
  await claim.reports('bank-confirmed', { payment, reference: 'BANK-1' });
  await claim.until('paid is to be sent', ({ outbox }) => outbox.some(({ id }) => id === 'paid-1-sms'));
  expect(textsOf(claim)).toEqual([]);

  await stage.passes('12 hours');
  expect(textsOf(claim)).toEqual(['paid-1-sms']);
  const ended = (await claim.journal()).flatMap((entry) =>
    entry.kind === 'notification-ended' && entry.notification.startsWith('pa')
      ? [[entry.notification, entry.outcome]]
      : [],
  );
  expect(Object.fromEntries(ended)).toMatchObject({
    'payment-approved-1-sms': { kind: 'suppressed', reason: 'overtaken' },
    'paid-1-sms': { kind: 'accepted' },
  });
  // It stood behind another text and was never attempted: the ledger knows nothing of it.
  expect(await claim.notified()).not.toContain('payment-approved/sms → party-1');
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('what is overtaken while its provider is down is given up at once', async () => {
  const claim = await files(stage);
  await isComplete(claim);
  await stands(claim, 'assess:item-1');
  // A day later this person has had few enough texts for one more.
  await stage.passes('25 hours');
  await noon();
  await claim.until('all is sent', ({ outbox }) => outbox.length === 0);
  const { send } = stage.sms;
  stage.sms.send = async (message) =>
    message.reference.startsWith(`${claim.number}/payment-approved`)
      ? { kind: 'busy', code: '503' }
      : send(message);
  await assesses(claim, 'item-1', 200_000);
  const payment = await atTheBank(claim, 0);
  await stage.passes('1 hour');
  expect((await claim.state()).problems).toMatchObject([{ id: 'sms:messages' }]);
  await claim.reports('bank-confirmed', { payment, reference: 'BANK-2' });
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(textsOf(claim)).toEqual(['paid-1-sms']);
  expect(
    (await claim.journal()).filter(
      (entry) => entry.kind === 'notification-ended' && entry.notification === 'payment-approved-1-sms',
    ),
  ).toMatchObject([{ outcome: { kind: 'suppressed', reason: 'overtaken' } }]);
});
