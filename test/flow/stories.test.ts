import { payableHash } from '../../domain/money/payable.ts';
import { aNotice, canary } from '../support/notices.ts';
import { placesOf } from '../support/personal-data.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { bankPays, because, borrows, brings, survey } from '../support/steps.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('busy customer: everything is asked for at once, chased by the clock of each document, held by a promise, and escalated (S2)', async () => {
  const now = new Date(await stage.env.currentTimeMs());
  const claim = await stage.files(
    aNotice(
      {
        items: [
          { object: 'insured-vehicle', party: 'wang', claimed: '3200' },
          { object: 'third-party-vehicle', party: 'li', claimed: '2600' },
        ],
      },
      now,
    ),
  );
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  expect(await claim.notified()).toEqual([
    'acknowledgement/email → party-1',
    'acknowledgement/sms → party-1',
    'documents-needed/email → party-2',
    'documents-needed/sms → party-2',
    'surveyor-coming/email → party-1',
    'surveyor-coming/sms → party-1',
  ]);
  // The law's clock for the decision is paused while requested papers are missing.
  for (const notification of ['acknowledgement-1-sms', 'documents-needed-1-sms'])
    await claim.reports('delivery-reported', {
      notification,
      outcome: 'delivered',
      arrived: now.toISOString(),
    });
  await survey(claim);

  await stage.passes('93 hours');
  expect((await claim.notified()).filter((line) => line.startsWith('documents-reminder'))).toEqual([
    'documents-reminder/sms → party-1',
    'documents-reminder/sms → party-2',
  ]);
  expect(
    stage.sms.sent
      .filter(({ reference }) => reference.includes('documents-reminder'))
      .map(({ body }) => /认定书|determination/i.test(body)),
  ).toEqual([false, false]);

  await brings(claim, 'driving-licence');
  await brings(claim, 'repair-invoice', 'item-2');
  const waiting = await claim.until(
    'waiting for the police',
    ({ expectations }) =>
      expectations.some(({ id }) => id === 'document:claim:police-determination') &&
      !expectations.some(({ id }) => id.startsWith('check')),
  );
  expect(waiting.expectations.map(({ id }) => id)).toEqual(['document:claim:police-determination']);
  expect(waiting.expectations[0]?.from).toBe('police');
  // Progress messages are sent meanwhile, which request nothing.
  const asked = async (): Promise<string[]> =>
    (await claim.notified()).filter((line) => !line.startsWith('progress'));
  const reminders = (await asked()).length;
  await stage.passes('12 days');
  expect((await asked()).length).toBe(reminders); // the police clock runs: nobody is chased for what cannot exist

  for (
    let days = 0;
    days < 30 && !(await claim.state()).expectations.some(({ id }) => id === 'call:party-1');
    days += 1
  )
    await stage.passes('1 day');
  expect((await asked()).slice(reminders)).toEqual([
    'documents-reminder/sms → party-1',
    'documents-reminder/email → party-1',
  ]);
  const friday = nextFriday(new Date(await stage.env.currentTimeMs()));
  expect(
    await claim.does('C-301', 'record-call', {
      party: 'party-1',
      outcome: 'busy-will-go-later',
      promised: friday,
      documents: ['police-determination'],
    }),
  ).toMatchObject({ kind: 'recorded' });
  expect((await claim.state()).expectations).toMatchObject([
    { promised: expect.stringContaining('T16:00'), next: { do: 'escalate' } },
  ]);

  const before = (await asked()).length;
  await stage.passes(Date.parse(`${friday}T15:00:00Z`) - (await stage.env.currentTimeMs()));
  expect((await asked()).slice(before)).toEqual([]);
  await stage.passes('2 days');
  await claim.until('with the supervisor', ({ expectations }) =>
    expectations.some(({ id }) => id === 'escalation:supervisor:document:claim:police-determination'),
  );
  await stage.passes('17 days');
  const withLetter = await claim.until('formally written to', ({ letters }) => letters.length > 0);
  expect((await asked()).slice(before)).toEqual(['formal-notice/letter → party-1']);
  expect(await claim.does('O-951', 'post-letter', { notification: withLetter.letters[0] })).toMatchObject({
    kind: 'recorded',
  });

  await brings(claim, 'police-determination');
  const stopped = await claim.until('at assessment', ({ stage: stands }) => stands === 'assess');
  expect(stopped.expectations.map(({ id }) => id).toSorted()).toEqual(['assess:item-1', 'assess:item-2']);

  for (const [index, amount] of [
    [0, 320_000],
    [1, 260_000],
  ] as const) {
    await claim.does('C-301', 'assess', { item: `item-${index + 1}`, amountMinor: amount });
    if (index === 1)
      await claim.until(
        'at review',
        ({ items, expectations }) =>
          items[1]?.outcome !== undefined || expectations.some(({ id }) => id === 'review:item-2'),
      );
    if (index === 1) await claim.approves('R-502', 'item-2');
    await bankPays(claim, index);
  }
  expect(await claim.result()).toEqual({ kind: 'closed', claim: claim.number, outcome: 'paid' });
  const kinds = (await claim.journal()).map(({ kind }) => kind);
  expect(kinds).toEqual(
    expect.arrayContaining(['call-recorded', 'promised', 'letter-posted', 'claim-closed']),
  );
  expect((await claim.histories()).length).toBeGreaterThan(1);
});

test("third party's invoice: the insured's part is paid while the third party's waits and is chased (S3)", async () => {
  const now = new Date(await stage.env.currentTimeMs());
  const claim = await stage.files(
    aNotice(
      {
        items: [
          { object: 'insured-vehicle', party: 'wang', claimed: '4800' },
          { object: 'third-party-vehicle', party: 'li', claimed: '3500' },
        ],
      },
      now,
    ),
  );
  await survey(claim);
  await brings(claim, 'driving-licence');
  await brings(claim, 'accident-certificate');
  await claim.until('ready to assess', ({ expectations }) =>
    expectations.some(({ id }) => id === 'assess:item-1'),
  );
  await claim.does('C-301', 'assess', { item: 'item-1', amountMinor: 480_000 });
  await bankPays(claim, 0);
  const waiting = await claim.state();
  expect(waiting.items.map(({ outcome }) => outcome?.kind)).toEqual(['paid', undefined]);
  expect(waiting.stage).toBe('documents');
  await stage.passes('4 days');
  expect((await claim.notified()).filter((line) => line.includes('reminder'))).toEqual([
    'documents-reminder/sms → party-2',
  ]);

  await brings(claim, 'repair-invoice', 'item-2');
  await claim.until('ready to assess', ({ expectations }) =>
    expectations.some(({ id }) => id === 'assess:item-2'),
  );
  await claim.does('C-301', 'assess', { item: 'item-2', amountMinor: 350_000 });
  await claim.until('at review', ({ expectations }) => expectations.some(({ id }) => id === 'review:item-2'));
  await claim.approves('R-501', 'item-2');
  await bankPays(claim, 1);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('large loss: two people with authority, refusals with their reasons, voided approvals and one return for rework (S18, S19, S28)', async () => {
  const now = new Date(await stage.env.currentTimeMs());
  const claim = await stage.files(
    aNotice({ items: [{ object: 'insured-vehicle', party: 'wang', claimed: '380000' }] }, now),
  );
  expect(await claim.state()).toMatchObject({ urgency: 'priority', handler: 'C-301' });
  await survey(claim);
  await borrows(claim);
  for (const document of ['driving-licence', 'accident-certificate', 'repair-invoice'])
    await brings(claim, document);
  const assess = async (amountMinor: number): Promise<void> => {
    await claim.until('at assessment', ({ expectations }) =>
      expectations.some(({ id }) => id === 'assess:item-1'),
    );
    expect(
      await claim.does('C-302', 'assess', {
        item: 'item-1',
        amountMinor,
        ...because(38_000_000, amountMinor),
      }),
    ).toMatchObject({ kind: 'recorded' });
    const { items } = await claim.state();
    expect(
      await claim.does('V-401', 'verify', { item: 'item-1', version: items[0]?.assessments }),
    ).toMatchObject({ kind: 'recorded' });
    await claim.until('at review', ({ expectations }) =>
      expectations.some(({ id }) => id === 'review:item-1'),
    );
  };
  await assess(38_000_000);
  const of = payableHash(await claim.state(), (await claim.state()).items[0] ?? never()) ?? '';

  expect(await claim.approves('C-302', 'item-1')).toMatchObject({ kind: 'denied', reason: 'segregation' });
  expect(await claim.approves('R-501', 'item-1')).toMatchObject({ kind: 'denied', reason: 'limit' });
  expect(await claim.approves('R-502', 'item-1')).toMatchObject({ kind: 'recorded' });
  expect(await claim.approves('R-502', 'item-1')).toMatchObject({
    kind: 'denied',
    reason: 'approved-before',
  });
  // What the Temporal UI sends: the same message, without a proof.
  await expect(
    claim.handle.executeUpdate('approve', { args: [{ id: 'typed-by-hand', item: 'item-1', of }] }),
  ).rejects.toMatchObject({ cause: { type: 'Denied', details: ['no-proof'] } });

  expect(
    await claim.does('C-302', 'assess', {
      item: 'item-1',
      amountMinor: 37_000_000,
      ...because(38_000_000, 37_000_000),
    }),
  ).toMatchObject({ kind: 'recorded' });
  expect((await claim.state()).items[0]?.approvals).toEqual([]);
  await claim.does('V-401', 'verify', { item: 'item-1', version: 2 });
  await claim.until('at review again', ({ expectations }) =>
    expectations.some(({ id }) => id === 'review:item-1'),
  );
  await claim.approves('R-502', 'item-1');
  expect(
    await claim.does('F-801', 'set-payee', {
      item: 'item-1',
      party: 'party-1',
      account: await stage.keepsAccount(claim.number, 'party-1', '6222020090003333'),
    }),
  ).toMatchObject({ kind: 'recorded' });
  await claim.until(
    'at review with the new payee',
    ({ items, expectations }) =>
      items[0]?.approvals.length === 0 && expectations.some(({ id }) => id === 'review:item-1'),
  );
  expect(
    await claim.does('M-601', 'return-for-rework', {
      item: 'item-1',
      to: 'assess',
      reason: 'price-too-high',
    }),
  ).toMatchObject({ kind: 'recorded' });
  await assess(36_000_000);
  await claim.approves('R-502', 'item-1');
  expect((await claim.state()).items[0]?.payments).toEqual([]);
  await claim.approves('M-601', 'item-1');
  await bankPays(claim, 0);

  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(stage.bank.orders.filter(({ id }) => id.startsWith(claim.number))).toMatchObject([
    { amount: { minor: 36_000_000, currency: 'CNY' }, payee: { account: '6222020090003333' } },
  ]);
  const journal = await claim.journal();
  expect(journal.flatMap((entry) => (entry.kind === 'message-denied' ? [entry.denial.reason] : []))).toEqual([
    'segregation',
    'limit',
    'approved-before',
    'no-proof',
  ]);
  expect(journal.filter(({ kind }) => kind === 'approval-voided')).toHaveLength(2);
});

test('silent surveyor: handler, supervisor and manager have it on their lists in turn, each once, and the survey resolves it', async () => {
  const now = new Date(await stage.env.currentTimeMs());
  const claim = await stage.files(aNotice({}, now));
  const escalatedTo = async (): Promise<string[]> =>
    (await claim.state()).expectations
      .filter(({ id }) => id.startsWith('escalation') && id.endsWith('survey'))
      .map(({ from }) => from);
  await stage.passes('49 hours');
  expect(await escalatedTo()).toEqual(['handler']);
  await stage.passes('2 days');
  expect(await escalatedTo()).toEqual(['handler', 'supervisor']);
  await stage.passes('5 days');
  expect(await escalatedTo()).toEqual(['handler', 'supervisor', 'manager']);
  await survey(claim);
  expect((await claim.state()).expectations.filter(({ id }) => id.includes('survey'))).toEqual([]);
  await brings(claim, 'driving-licence');
  await brings(claim, 'accident-certificate');
  await claim.until('at assessment', ({ expectations }) =>
    expectations.some(({ id }) => id === 'assess:item-1'),
  );
  await claim.does('C-301', 'assess', { item: 'item-1', amountMinor: 200_000 });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('the call stack in the Temporal UI names the places where a claim waits', async () => {
  const claim = await stage.files(aNotice({}, new Date(await stage.env.currentTimeMs())));
  const trace = await claim.handle.query<string>('__stack_trace');
  for (const place of ['claim/chaser.ts', 'claim/item.ts', 'claim/moments.ts', 'claim/preparation.ts'])
    expect(trace).toContain(place);
});

test('no history, search attribute or log of these stories holds personal data in the clear (S32)', async () => {
  const [first] = stage.claims;
  const personal = [
    canary,
    '王伟',
    'Li Na',
    '13800138000',
    '13900139000',
    'example.com',
    '6222020050001111',
    '6222020090003333',
    'Heping Road',
    'Rear-end',
  ];
  for (const { claim } of stage.claims) expect(await placesOf(personal, claim)).toEqual([]);
  expect(personal.filter((word) => stage.logs.some((line) => line.includes(word)))).toEqual([]);
  // The search finds what is there: the claim's own search attributes are in the clear.
  expect(await placesOf(['motor'], first?.claim ?? never())).not.toEqual([]);
});

function nextFriday(after: Date): string {
  const day = new Date(after.getTime() + 86_400_000);
  while (day.getUTCDay() !== 5) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

function never(): never {
  throw new Error('The claim has no item');
}
