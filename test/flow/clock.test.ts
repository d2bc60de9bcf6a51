import { openStage, type Stage } from '../support/stage.ts';
import { bankPays, brings, files, isComplete, stands, survey } from '../support/steps.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('a decision that the law sets thirty days for is a supervisor’s when a week is left, and a manager’s when none is (C2)', async () => {
  const claim = await files(stage);
  await isComplete(claim);
  const { items } = await stands(claim, 'assess:item-1');
  expect(items[0]?.clock).toMatchObject({ state: 'running' });
  await stage.passes('24 days');
  await stands(claim, 'clock:decision:item-1:warning');
  await stage.passes('10 days');
  const late = await stands(claim, 'clock:decision:item-1:due');
  expect(late.expectations.filter(({ id }) => id.startsWith('clock:'))).toMatchObject([
    { from: 'manager', what: 'decision overdue by law' },
  ]);
  const claimed = late.items[0]?.claimedMinor ?? 0;
  expect(
    await claim.does('C-301', 'assess', {
      item: 'item-1',
      amountMinor: claimed - 30_000,
      cuts: [
        { reason: 'depreciation', minor: 20_000 },
        { reason: 'salvage', minor: 10_000 },
      ],
    }),
  ).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(
    (await claim.journal())
      .filter((entry) => entry.kind === 'clock-changed')
      .map((entry) => (entry.kind === 'clock-changed' ? [entry.to.state, entry.to.reached] : [])),
  ).toEqual([
    ['running', undefined],
    ['running', 'warning'],
    ['running', 'due'],
    ['stopped', 'due'],
  ]);
  const letter = stage.email.sent.find(
    ({ reference }) => reference === `${claim.number}/assessed-1-email`,
  )?.text;
  expect(letter).toContain('按使用年限折旧');
  expect(letter).toContain('残值');
});

test('while papers are awaited that the customer knows of, the law’s time does not run', async () => {
  const claim = await files(stage);
  await survey(claim);
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  await claim.reports('delivery-reported', {
    notification: 'acknowledgement-1-sms',
    outcome: 'delivered',
    arrived: new Date(await stage.env.currentTimeMs()).toISOString(),
  });
  await brings(claim, 'driving-licence');
  await claim.until('paused', ({ items }) => items[0]?.clock?.state === 'paused');
  await stage.passes('40 days');
  expect((await claim.state()).expectations.filter(({ id }) => id.startsWith('clock:'))).toEqual([]);
  await brings(claim, 'accident-certificate');
  const { items } = await stands(claim, 'assess:item-1');
  expect(items[0]?.clock).toMatchObject({ state: 'running', deductedMs: expect.any(Number) });
  expect(Date.parse(items[0]?.clock?.due ?? '')).toBeGreaterThan(
    (await stage.env.currentTimeMs()) + 29 * 24 * 3_600_000,
  );
});
